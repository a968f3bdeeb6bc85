// What the reader has opened or folded in a reply stays so when the finished article takes its place.
(() => {
  const READERS_OWN = ".thinking, .message-body details";

  htmx.registerExtension("readers-details", {
    htmx_before_morph_attr: (element, { attrName }) => attrName !== "open" || !element.matches(READERS_OWN),
  });
})();
