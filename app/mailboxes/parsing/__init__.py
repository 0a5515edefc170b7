"""Taking raw mail apart. All of it is hostile: nothing here raises but Unreadable, and nothing found here is trusted.

`peek` reads what a row needs as mail comes in; `parse_mail` reads the whole, in a job.
"""

from app.mailboxes.parsing.headers import Peek, peek
from app.mailboxes.parsing.reading import Bounce, Parsed, ParsedPart, Unreadable, parse_mail
from app.mailboxes.parsing.texts import as_markdown

__all__ = ["Bounce", "Parsed", "ParsedPart", "Peek", "Unreadable", "as_markdown", "parse_mail", "peek"]
