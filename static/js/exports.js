// The page stays when a download begins: the list of exports is asked for once it is under way.
document.getElementById("export-form")?.addEventListener("submit", () => {
  setTimeout(() => document.body.dispatchEvent(new Event("export:started")), 1000);
});
