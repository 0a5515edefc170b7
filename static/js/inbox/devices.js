// The page of devices. Binds form[data-push] (data-push-key: ours, data-push-worker: the service worker's address): on
// sending it the browser is asked for leave, subscribes, and its address and keys go along. data-push-says tells how it went.
const form = document.querySelector("[data-push]"), says = form.querySelector("[data-push-says]");
const button = form.querySelector("[type=submit]");
const known = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function tell(text) {
  says.textContent = text;
  says.hidden = !text;
}

function platform() {
  const agent = navigator.userAgent;
  if (/iPad|Tablet/.test(agent) || (/Android/.test(agent) && !/Mobile/.test(agent))) return "tablet";
  return /Mobile|iPhone|Android/.test(agent) ? "phone" : "desktop";
}

async function subscribe() {
  await navigator.serviceWorker.register(form.dataset.pushWorker, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushKey) };
  try {
    return await pushManager.subscribe(wanted);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;      // made with a key that we have no more
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(wanted);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return tell(form.dataset.pushDenied);
    const made = await subscribe();
    form.elements.endpoint.value = made.endpoint;
    form.elements.p256dh.value = words(made.getKey("p256dh"));
    form.elements.auth.value = words(made.getKey("auth"));
    form.elements.platform.value = platform();
    form.submit();
  } catch {
    tell(form.dataset.pushFailed);
  } finally {
    button.disabled = !known;
  }
});

tell(known ? "" : form.dataset.pushUnknown);
button.disabled = !known;
