// Keeps the newest text in sight, unless the reader scrolled up to read.
(() => {
  const NEAR = 96; // px from the end that still count as "at the end"
  // What brings a new reply, to be followed.
  const ASKING = "#composer, .edit-form, .message-status form, .message .menu";
  const page = document.documentElement;
  let following = true;
  let watched = null;

  const fromEnd = () => page.scrollHeight - page.clientHeight - page.scrollTop;
  const toEnd = (behavior = "instant") => scrollTo({ top: page.scrollHeight, behavior });

  const showJump = () => {
    const jump = document.getElementById("jump-to-latest");
    if (jump) jump.hidden = following;
  };

  const follow = () => {
    following = true;
    showJump();
    toEnd();
  };

  const grown = new ResizeObserver(() => {
    if (following) toEnd();
    else showJump();
  });

  // The first message of a new chat brings a new list with it.
  const watch = () => {
    const messages = document.getElementById("messages");
    if (!messages || messages === watched) return;
    grown.disconnect();
    grown.observe((watched = messages));
    grown.observe(messages.nextElementSibling);
    // A link to a message stays there.
    if (location.hash) following = false;
    else follow();
  };

  history.scrollRestoration = "manual";
  let lastTop = 0;
  addEventListener(
    "scroll",
    () => {
      // Growing text moves the end away without the reader: only scrolling up stops the following.
      const up = page.scrollTop < lastTop - 2;
      lastTop = page.scrollTop;
      if (fromEnd() < NEAR) following = true;
      else if (up) following = false;
      showJump();
    },
    { passive: true },
  );

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#jump-to-latest")) return;
    following = true;
    showJump();
    toEnd(matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
  });

  // Earlier messages are put above what is being read, which must stay where it is.
  let keepFromEnd = null;
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    const source = ctx.sourceElement;
    if (source.closest?.("#earlier")) keepFromEnd = page.scrollHeight - page.scrollTop;
    if (source.matches?.(ASKING) && ctx.response?.status < 300) following = true;
    // What is read stays where it is (branches.js).
    if (source.matches?.(".versions")) following = false;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (keepFromEnd !== null) scrollTo({ top: page.scrollHeight - keepFromEnd, behavior: "instant" });
    keepFromEnd = null;
    watch();
    // At once: the browser may have moved the page on its own, which must not pass for the reader.
    if (following) toEnd();
  });

  watch();
})();
