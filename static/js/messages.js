// The list of messages: the newest text kept in sight, and what swaps bring into the list.

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
    // What is read stays where it is (below).
    if (source.matches?.(".versions")) following = false;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (keepFromEnd !== null) scrollTo({ top: page.scrollHeight - keepFromEnd, behavior: "instant" });
    keepFromEnd = null;
    watch();
    // At once: the browser may have moved the page on its own, which must not pass for the reader.
    if (following && watched?.isConnected) toEnd();
  });

  watch();
})();

// What a swap brings into the list of messages: another branch takes the place of the one that is shown, nothing is put in
// twice, and what is being read stays where it is, and open or folded.
(() => {
  const list = () => document.getElementById("messages");

  // Another branch begins below its first message's parent: what the page shows below that goes. Where the page doesn't
  // have the parent, all of it goes, but for the link to what comes before if that is the same.
  const cut = (first) => {
    const { parent } = first.dataset;
    const above = parent && document.getElementById(`m${parent}`);
    if (above) {
      while (above.nextElementSibling) above.nextElementSibling.remove();
      return;
    }
    const isSamePlace = list().querySelector("article.message")?.dataset.parent === parent;
    for (const element of [...list().children]) {
      if (element.id !== "earlier" || !isSamePlace) element.remove();
    }
  };

  // Takes out of the page what gives way to a fragment, and out of that what the page has already.
  const makeWay = (fragment) => {
    const end = fragment.querySelector("[data-branch-end]");
    end?.remove();
    const articles = [...fragment.querySelectorAll("article.message")];
    // Of two replies that are compared each is put in anew: what is said at it has changed.
    const isShown = (id) => Boolean(document.getElementById(id)) && !document.getElementById(id).dataset.compared;
    // A page that joins the fragment nowhere at its beginning is replaced by it as a whole.
    const [head] = articles;
    if (head && (isShown(head.id) || isShown(`m${head.dataset.parent}`))) {
      fragment.querySelector("#earlier")?.remove();
      for (const article of articles) if (isShown(article.id)) article.remove();
    }
    const first = fragment.querySelector("article.message");
    const last = !first && end && document.getElementById(end.dataset.branchEnd);
    if (!first && !last) return;
    // The page gets shorter for a moment: it must not scroll for that.
    list().style.minBlockSize = `${list().offsetHeight}px`;
    if (first) cut(first);
    else while (last.nextElementSibling) last.nextElementSibling.remove();
  };

  // What was asked for in a message that goes: the keyboard goes on from what takes its place.
  let asked = false;

  // The version that is switched at, and where it stands; what is new is put there again.
  let kept = null;

  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    const source = ctx.sourceElement;
    asked = Boolean(source.closest?.("#messages article.message")) && source.contains(document.activeElement);
    const article = source.matches?.(".versions") && source.closest("article");
    kept = article && { parent: article.dataset.parent, top: article.getBoundingClientRect().top };
    for (const { fragment, swapSpec } of tasks) {
      if (swapSpec.style === "beforeend" && list()) makeWay(fragment);
    }
  });

  document.addEventListener("htmx:after:swap", () => {
    const messages = list();
    if (!messages) return;
    messages.style.minBlockSize = "";
    if (asked && document.activeElement === document.body) messages.querySelector("article:last-of-type")?.focus({ preventScroll: true });
    asked = false;
    if (!kept) return;
    const article = [...messages.querySelectorAll("article.message")].find((each) => each.dataset.parent === kept.parent);
    if (article) keepInPlace(article, kept.top);
    if (article) focusVersions(article);
    kept = null;
  });

  // Room below it where the other branch is too short for the page to be scrolled that far; it goes with the next swap.
  const keepInPlace = (article, top) => {
    const page = document.documentElement;
    const wanted = page.scrollTop + article.getBoundingClientRect().top - top;
    const missing = wanted + page.clientHeight - page.scrollHeight;
    if (missing > 0) list().style.minBlockSize = `${list().offsetHeight + missing}px`;
    scrollTo({ top: wanted, behavior: "instant" });
  };

  const focusVersions = (article) => {
    const buttons = [...article.querySelectorAll(".versions button:not([disabled])")];
    const pressed = buttons.find((button) => button.id.endsWith(lastStep)) ?? buttons[0];
    pressed?.focus({ preventScroll: true });
  };

  let lastStep = "next";
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.(".versions button");
    if (button) lastStep = button.id.split("-").at(-1);
  });

  // Left and right on a message, or on its buttons, turn its versions over.
  const STEPS = { ArrowLeft: "previous", ArrowRight: "next" };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!STEPS[key] || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!target.matches("article.message, .versions button")) return;
    const isRightToLeft = getComputedStyle(target).direction === "rtl";
    const step = isRightToLeft === (key === "ArrowLeft") ? "next" : "previous";
    const button = document.getElementById(`${target.closest("article").id}-${step}`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });
})();
