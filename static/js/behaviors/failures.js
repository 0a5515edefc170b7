// When a request fails: the banner #offline, a toast with the server's sentence (X-Message, URI-encoded),
// and after a 422 the first [aria-invalid=true]. Event in: toast {text, kind}.
import { $, $$, modal, toast } from "../lib/dom.js";

const PLAIN = {
  400: "That request could not be read. Load the page again.",
  401: "Your session has ended. Sign in again; what you typed stays here.",
  403: "You may not do that.",
  404: "That is not there any more.",
  409: "Someone changed this meanwhile. Load it again.",
  413: "That is too large.",
  429: "Too quick. Wait a moment and try again.",
};

const silent = (ctx) => !ctx || ctx.sourceElement?.matches?.("#heartbeat, [data-live], [data-quiet]") && ctx.request.method === "GET";

/** The sentence for people in a reply that failed. */
export function sentence(ctx) {
  const written = ctx.response?.headers?.get("X-Message");
  try { if (written) return decodeURIComponent(written); } catch { return written; }
  return PLAIN[ctx.response?.status] ?? "Something broke on our side. Try it again in a moment.";
}

// A page that is being left breaks off its own requests.
let leaving = false;
addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; }, 3000); });

function offline(yes) {
  const banner = $("#offline");
  if (banner) banner.hidden = !yes;
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (silent(ctx)) return;
  if (ctx.response.status !== 422 || ctx.response.headers.get("X-Message")) toast(sentence(ctx), "error");
});

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  if (leaving || !ctx || ctx.response || error?.name === "AbortError") return;
  offline(true);
  if (!silent(ctx)) toast("That did not reach the server. It was not saved.", "error");
});

document.addEventListener("htmx:after:request", () => offline(false));
addEventListener("offline", () => offline(true));
addEventListener("online", () => offline(false));

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.response?.status !== 422) return;
  const first = $$("[aria-invalid=true]", modal() ?? document)[0];
  (first?.matches("input, select, textarea") ? first : first?.querySelector("input, select, textarea"))?.focus();
});

document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.kind));
