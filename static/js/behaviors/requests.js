// Every htmx request: the CSRF header from <meta name="csrf-token">. Binds nothing.
import { csrf } from "../lib/dom.js";

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET" && ctx.request.method !== "HEAD") ctx.request.headers["X-CSRFToken"] = csrf();
});
