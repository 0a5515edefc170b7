// Everything that runs in the browser, in the order in which listeners must stand. Each module says in its first
// lines what it binds; docs/frontend.md has it on one page.
import htmx from "../vendor/htmx.esm.min.js";
import "./behaviors/colours.js";
import "./behaviors/morph.js";
import "./behaviors/requests.js";
import "./behaviors/failures.js";
import "./behaviors/confirm.js";
import "./behaviors/board.js";
import "./behaviors/hotkeys.js";
import "./behaviors/keys.js";
import "./behaviors/roving.js";
import "./behaviors/selection.js";
import "./behaviors/menu.js";
import "./behaviors/popover.js";
import "./behaviors/peek.js";
import "./behaviors/dialog.js";
import "./behaviors/toasts.js";
import "./behaviors/drafts.js";
import "./behaviors/live.js";
import "./behaviors/echo.js";
import "./behaviors/palette.js";
import "./behaviors/theme.js";
import "./behaviors/time.js";
import "./behaviors/timezone.js";
import "./behaviors/copy.js";
import "./behaviors/scroll.js";
import "./behaviors/upload.js";

// Now, not in the timer that htmx sets itself: the first key may come at once.
htmx.initialize();
