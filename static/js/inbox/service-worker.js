// Kept by browsers that were registered on the page of devices: shows what is pushed, and opens its address when clicked.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("push", (event) => {
  const { title, url, tag } = event.data?.json() ?? {};
  if (title) event.waitUntil(registration.showNotification(title, { tag, data: { url } }));
});

async function open(path) {
  const url = new URL(path ?? "/", location.origin);
  if (url.origin !== location.origin) return;
  for (const page of await clients.matchAll({ type: "window" })) if (page.url === url.href) return page.focus();
  await clients.openWindow(url.href);
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});
