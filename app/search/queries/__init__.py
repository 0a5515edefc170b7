"""What leads to things: finding them by words, favourites, latest visits, links."""
