"""Every page at a fixed address, with the keys that lead there. The sidebar shows the first group, the palette all."""

from __future__ import annotations

from app.search.places import Place

HOME = Place("Home", "shell.show_home", "home", "g h", also="start dashboard")
INBOX = Place("Inbox", "inbox.show_inbox", "inbox", "g i", also="notifications unread")
WORK = Place("My work", "shell.show_work", "check", "g m", also="assigned to me issues")
TICKETS = Place("Tickets", "desk.list_tickets", "ticket", "g t", also="desk help support queue customers")
DASHBOARDS = Place("Dashboards", "dashboards.list_dashboards", "dashboard", "g d", also="charts reports numbers")
LABELLING = Place("Labelling", "annotation.list_labellings", "annotate", "g l", also="annotation tasks queue")
PAGES = Place("Pages", "pages.list_pages", "page", "g w", also="wiki documents notes")
FAVOURITES = Place("Favourites", "search.list_favourites", "star", "g f", also="starred folders kept at hand")
SEARCH = Place("Search", "search.show_results", "search", also="find words everything")
PROJECTS = Place("All projects", "projects.list_projects", "folder", "g p")
SETTINGS = Place("Settings", "organizations.show_settings", "gear", "g s", also="organization workspace general")
PROFILE = Place(
    "Profile",
    "accounts.show_profile",
    "user",
    "g u",
    also="account password theme dark light time zone keys sessions sign out",
)

#: What the sidebar lists below one's own: the surfaces that are not a project's.
SURFACES = (TICKETS, DASHBOARDS, LABELLING, PAGES)

ALL = (
    HOME,
    INBOX,
    WORK,
    FAVOURITES,
    SEARCH,
    TICKETS,
    DASHBOARDS,
    LABELLING,
    PAGES,
    PROJECTS,
    SETTINGS,
    Place("Members", "organizations.list_members", "users", also="people colleagues roles settings"),
    Place("Teams", "organizations.list_teams", "users", also="departments groups people"),
    Place("Workspaces", "organizations.list_workspaces", "layers", also="shelves groups of projects personal public"),
    Place("Invitations", "organizations.list_invitations", "mail", also="invite people link settings"),
    Place("New project", "projects.new_project", "plus", also="create make"),
    PROFILE,
)
