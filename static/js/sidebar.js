// The list of conversations in the sidebar: collapsing it, where it is scrolled to, how many rows it has, what is opened from it,
// and what the feed says of it; and the beginning of selecting several, of it or of the page's own list (selection.js).
(() => {
  const sidebar = document.getElementById("sidebar");

  // Collapsing is kept in a cookie, so that the server draws the next page right at once.
  const toggleSidebar = () => {
    storePlace();
    const root = document.documentElement;
    const collapsed = root.dataset.sidebar !== "collapsed";
    if (collapsed) root.dataset.sidebar = "collapsed";
    else delete root.dataset.sidebar;
    document.cookie = `sidebar=collapsed; path=/; max-age=${collapsed ? 365 * 24 * 3600 : 0}; SameSite=Lax`;
    [...document.querySelectorAll("[data-sidebar-toggle]")].find((button) => button.offsetParent !== null)?.focus();
  };

  // A page starts with the list where the last page left it: with each row at the height at which it was seen. The
  // rows above may be others, so a number of pixels from the top would say nothing.
  const PLACE = "sidebar-place";
  const list = document.querySelector(".sidebar-nav");
  const rows = () => [...list.querySelectorAll(".sidebar-item")];
  const current = () => list.querySelector("[aria-current]");
  const height = (row) => row.getBoundingClientRect().top - list.getBoundingClientRect().top;
  const isSeen = (row) => height(row) > -row.offsetHeight && height(row) < list.clientHeight;
  const takePlace = () => Object.fromEntries(rows().filter(isSeen).map((row) => [row.id, height(row)]));

  const goToPlace = (place) => {
    const known = [current(), ...rows()].find((row) => row && row.id in place);
    if (known) list.scrollTop += height(known) - place[known.id];
  };

  const storePlace = () => list.clientHeight && sessionStorage.setItem(PLACE, JSON.stringify(takePlace()));
  const restorePlace = () => {
    goToPlace(JSON.parse(sessionStorage.getItem(PLACE) ?? "{}"));
    if (current() && !isSeen(current())) current().scrollIntoView({ block: "center" });
    current()?.scrollIntoView({ block: "nearest" });
  };

  if (current()) restorePlace();
  addEventListener("pagehide", storePlace);
  // A sheet that closes and a sidebar that is hidden forget how far they were scrolled.
  sidebar.addEventListener("beforetoggle", storePlace);
  let wasShown = list.clientHeight > 0;
  new ResizeObserver(() => {
    const isShown = list.clientHeight > 0;
    if (isShown && !wasShown) restorePlace();
    wasShown = isShown;
  }).observe(list);

  // A list that is fetched again, or grows at its top, doesn't move what is read.
  let place = null;
  let growing = null; // at which end the list gets more rows
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    // Where a status has a target of its own, that is named and no element.
    if (ctx.target instanceof Element && list.contains(ctx.target)) place = takePlace();
    if (ctx.sourceElement.matches(".sidebar-load-more")) growing = ctx.target.id === "sidebar-newer" ? "top" : "bottom";
  });
  document.addEventListener("htmx:after:swap", () => {
    if (growing) giveUpRows(growing);
    if (place) goToPlace(place);
    place = growing = null;
  });

  // Fetched again while it is read far down, it is fetched around what is seen of it; or, if that is seen, around the
  // conversation that is open, wherever it goes.
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id !== "sidebar-list" || list.scrollTop < list.clientHeight) return;
    if (current() && isSeen(current())) return;
    const { cursor } = rows().find(isSeen)?.parentElement.dataset ?? {};
    if (cursor) ctx.request.body.set("around", cursor);
  });

  // However far it is scrolled, a list has so many rows: those at its other end make way for what leads to them.
  const MAX_ROWS = 200;
  const items = document.getElementById("sidebar-list");
  // What stands above the conversations by day is always there.
  const isPart = (element) => element && !element.matches("#sidebar-pinned, .sidebar-folders, .sidebar-section");

  const makeLink = (kind, { cursor }) => {
    const part = document.getElementById(kind).content.firstElementChild.cloneNode(true);
    const button = part.matches("button") ? part : part.querySelector("button");
    button.setAttribute("hx-get", button.getAttribute("hx-get") + encodeURIComponent(cursor));
    return part;
  };

  const giveUpRows = (grownAt) => {
    const own = [...items.querySelectorAll(":scope > ul:not(#sidebar-pinned, .sidebar-folders) > li")];
    if (own.length <= MAX_ROWS) return;
    if (grownAt === "top") giveUpLast(own[MAX_ROWS - 1]);
    else giveUpFirst(own.at(-MAX_ROWS));
  };

  const giveUpFirst = (first) => {
    const group = first.parentElement;
    const above = [...items.querySelectorAll(".sidebar-heading")].filter(
      (heading) => heading.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const newer = makeLink("show-newer", first.dataset);
    newer.querySelector("h2").textContent = above.at(-1).textContent;
    while (first.previousElementSibling) first.previousElementSibling.remove();
    while (isPart(group.previousElementSibling)) group.previousElementSibling.remove();
    group.before(newer);
    htmx.process(newer);
  };

  const giveUpLast = (last) => {
    const group = last.parentElement;
    const more = makeLink("show-more", last.dataset);
    while (last.nextElementSibling) last.nextElementSibling.remove();
    while (group.nextElementSibling) group.nextElementSibling.remove();
    group.after(more);
    htmx.process(more);
  };

  // A conversation, a folder or the archive that is opened takes the place of the main column alone. It is marked in the
  // list at once; what is marked is set right once it is there, or was not.
  // A link in the main column leaves the page with it, and htmx names another element by then: it is remembered what opens.
  const opening = new WeakSet();
  const isOpening = (ctx) => opening.has(ctx);
  const mark = (path, folder) => {
    for (const item of document.querySelectorAll(".sidebar-item, .sidebar-folder")) {
      if (item.pathname === path) item.setAttribute("aria-current", "page");
      else if (item.pathname === folder) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
  };
  const markOpen = () => mark(location.pathname, document.querySelector(".folder-link")?.pathname);
  const askedFrom = new WeakMap(); // which main column was there when a request was made
  let latest = null; // what was asked for last of all that takes the place of the main column
  const takesMain = (ctx) => ctx.target?.id === "main";
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    askedFrom.set(ctx, document.getElementById("main"));
    if (takesMain(ctx)) latest = ctx;
    if (!takesMain(ctx) || !ctx.sourceElement.matches("a")) return;
    opening.add(ctx);
    mark(ctx.sourceElement.pathname);
  });
  // An answer may come when another conversation is open than the one that it was asked for: of that nothing is changed.
  const isLate = (ctx) => askedFrom.get(ctx)?.isConnected === false;
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    // A new chat that comes after its first message was sent would sweep that away.
    if (takesMain(ctx) && ctx !== latest) return event.preventDefault();
    if (!isLate(ctx)) return;
    const main = document.getElementById("main");
    const others = tasks.filter(({ target }) => !main.contains(target));
    tasks.splice(0, tasks.length, ...others);
    ctx.title = null;
    delete ctx.hx?.pushurl;
  });
  // The address of what couldn't be opened is not gone to.
  document.addEventListener("htmx:before:history:update", (event) => event.detail.response.raw.ok || event.preventDefault());
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (!isOpening(ctx)) return;
    markOpen();
    if (ctx.response?.status === 404) htmx.trigger(document.body, "conversations:changed");
  });
  // The browser would lay the page out once more, with both columns in it, to take the focus from what goes.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    if (isOpening(ctx) && ctx.target.contains(document.activeElement)) document.activeElement.blur();
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    // The row with the focus may have left the page's list.
    if (ctx.target?.id === "listed" && document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
    if (isLate(ctx)) markOpen();
    if (!isOpening(ctx)) return;
    closeSheet();
    // Where nothing is written, reading begins at the top, by keyboard too.
    const main = document.getElementById("main");
    if (!main.querySelector("#messages")) scrollTo(0, 0);
    if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });
    window.notifications.announce(document.querySelector("h1").textContent);
  });

  // What the feed says of replies is shown in the rows; the list is fetched again where something else has changed, once it
  // is looked at.
  let isStale = false;

  const showStates = ({ running, unseen }) => {
    const fresh = new Set(unseen.map(({ url }) => url));
    for (const item of document.querySelectorAll(".sidebar-item")) {
      const state = running.includes(item.pathname) ? "running" : fresh.has(item.pathname) ? "unseen" : "";
      if (state) item.parentElement.dataset.state = state;
      else delete item.parentElement.dataset.state;
      item.ariaDescription = state ? items.dataset[state] : null;
    }
  };

  const refetch = () => {
    isStale = document.hidden;
    if (!isStale) htmx.trigger(document.body, "conversations:changed");
  };

  document.addEventListener("feed:news", ({ detail: news }) => {
    showStates(news);
    if (news.isListChanged) refetch();
  });
  document.addEventListener("visibilitychange", () => isStale && refetch());

  document.addEventListener("click", ({ target }) => target.closest("[data-sidebar-toggle]") && toggleSidebar());

  // The sheet of narrow screens must not stay open as a popover when the window grows, or a conversation is opened.
  const closeSheet = () => sidebar.matches(":popover-open") && sidebar.hidePopover();
  matchMedia("(width >= 60rem)").addEventListener("change", ({ matches }) => matches && closeSheet());

  // What selects several is fetched when it is asked for first, and listens itself from then on.
  let selection = null;
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-select-begin], [data-select-row]");
    if (!button || selection) return;
    const place = button.closest("[data-selectable]");
    const { selectRow } = button.dataset;
    selection = import(document.getElementById("selection").dataset.script);
    const { begin } = await selection.catch(() => ({}));
    if (!begin) {
      selection = null; // the next click asks for it again
      window.notifications.toast(document.getElementById("toasts").dataset.network);
    } else if (place.isConnected) begin(place, selectRow);
  });
})();
