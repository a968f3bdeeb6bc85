// What the reader has opened or folded in a reply stays so: when the finished article takes its place, and while it grows,
// when a block is replaced or a connection that was lost brings all of it anew.
(() => {
  const READERS_OWN = ".thinking, .message-body details";
  const HOLDERS = ".message-body, .thinking-place";
  const chosen = new Map(); // id of the holder → place among its <details> → whether it is open

  htmx.registerExtension("readers-details", {
    htmx_before_morph_attr: (element, { attrName }) => attrName !== "open" || !element.matches(READERS_OWN),
  });

  document.addEventListener("click", (event) => {
    const details = event.target.closest("summary")?.parentElement;
    const holder = details?.closest(HOLDERS);
    if (!holder || event.target.closest("a")) return;
    const place = [...holder.querySelectorAll("details")].indexOf(details);
    if (!chosen.has(holder.id)) chosen.set(holder.id, new Map());
    chosen.get(holder.id).set(place, !details.open); // the click toggles it after this
  });

  document.addEventListener("htmx:after:swap", () => {
    for (const [id, places] of chosen) {
      const all = document.getElementById(id)?.querySelectorAll("details") ?? [];
      for (const [place, open] of places) if (all[place]) all[place].open = open;
    }
  });
})();
