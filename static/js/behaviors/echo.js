// A page's own changes do not come back as news. Binds the event seen {topic: [former, new]} (HX-Trigger of a reply that
// changed something): the heartbeat adopts the new version only where it knew the former one, so that a change of
// somebody else's in between is still fetched.
document.addEventListener("seen", ({ detail }) => {
  const heart = document.getElementById("heartbeat");
  if (!heart) return;
  const url = new URL(heart.getAttribute("hx-get"), location.href);
  const versions = (url.searchParams.get("seen") ?? "").split(",");
  (heart.dataset.topics ?? "").split(" ").forEach((topic, place) => {
    const [former, present] = detail[topic] ?? [];
    if (former !== undefined && versions[place] === former) versions[place] = present;
  });
  url.searchParams.set("seen", versions.join(","));
  heart.setAttribute("hx-get", url.pathname + url.search);
});
