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
    const isShown = (id) => Boolean(document.getElementById(id));
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
