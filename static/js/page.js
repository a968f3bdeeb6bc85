// What every page needs: the reader's time zone and theme, the sidebar, dialogs in older browsers, toasts, signing out.
(() => {
  const YEAR = 365 * 24 * 3600;
  const setCookie = (name, value, age) => {
    document.cookie = `${name}=${value}; path=/; max-age=${age}; SameSite=Lax`;
  };

  // The server writes days and times in this zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) setCookie("time_zone", encodeURIComponent(zone), YEAR);

  // Collapsing is kept in a cookie, so that the server draws the next page right at once.
  const toggleSidebar = () => {
    storePlace();
    const root = document.documentElement;
    const collapsed = root.dataset.sidebar !== "collapsed";
    if (collapsed) root.dataset.sidebar = "collapsed";
    else delete root.dataset.sidebar;
    setCookie("sidebar", "collapsed", collapsed ? YEAR : 0);
    const visible = (button) => button.offsetParent !== null;
    [...document.querySelectorAll("[data-sidebar-toggle]")].find(visible)?.focus();
  };

  // A page starts with the list where the last page left it: with each row at the height at which it was seen. The
  // rows above may be others, so a number of pixels from the top would say nothing.
  const PLACE = "sidebar-place";
  const list = document.querySelector(".sidebar-nav");
  const rows = () => [...list.querySelectorAll(".sidebar-item")];
  const current = () => list?.querySelector("[aria-current]");
  const height = (row) => row.getBoundingClientRect().top - list.getBoundingClientRect().top;
  const isSeen = (row) => height(row) > -row.offsetHeight && height(row) < list.clientHeight;
  const takePlace = () => Object.fromEntries(rows().filter(isSeen).map((row) => [row.id, height(row)]));

  const goToPlace = (place) => {
    const known = [current(), ...rows()].find((row) => row && row.id in place);
    if (known) list.scrollTop += height(known) - place[known.id];
  };

  const storePlace = () => {
    if (list.clientHeight) sessionStorage.setItem(PLACE, JSON.stringify(takePlace()));
  };
  const restorePlace = () => {
    goToPlace(JSON.parse(sessionStorage.getItem(PLACE) ?? "{}"));
    if (current() && !isSeen(current())) current().scrollIntoView({ block: "center" });
    current()?.scrollIntoView({ block: "nearest" });
  };

  if (list) {
    if (current()) restorePlace();
    addEventListener("pagehide", storePlace);
    // A sheet that closes and a sidebar that is hidden forget how far they were scrolled.
    document.getElementById("sidebar").addEventListener("beforetoggle", storePlace);
    let wasShown = list.clientHeight > 0;
    new ResizeObserver(() => {
      const isShown = list.clientHeight > 0;
      if (isShown && !wasShown) restorePlace();
      wasShown = isShown;
    }).observe(list);
  }

  // A list that is fetched again, or grows at its top, doesn't move what is read.
  let place = null;
  let growing = null; // at which end the list gets more rows
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    // Where a status has a target of its own, that is named and no element.
    if (ctx.target instanceof Element && list?.contains(ctx.target)) place = takePlace();
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

  // Another theme is there at once, here and in the other tabs; the account menu's form saves it.
  const THEME = "theme";
  const DEVICE = { light: "(prefers-color-scheme: light)", dark: "(prefers-color-scheme: dark)" };
  const BARS = { light: "#fcfcfa", dark: "#16181c" };
  const isChosen = (theme) => theme === "light" || theme === "dark";

  const makeBar = (color, media) => {
    const meta = Object.assign(document.createElement("meta"), { name: "theme-color", content: color });
    if (media) meta.media = media;
    return meta;
  };

  const showTheme = (theme) => {
    if (isChosen(theme)) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.querySelector("meta[name=color-scheme]").content = isChosen(theme) ? theme : "light dark";
    document.querySelectorAll("meta[name=theme-color]").forEach((meta) => meta.remove());
    const bars = isChosen(theme) ? [makeBar(BARS[theme])] : ["light", "dark"].map((each) => makeBar(BARS[each], DEVICE[each]));
    document.head.append(...bars);
    for (const input of document.querySelectorAll("input[name=theme]")) input.checked = input.value === theme;
  };

  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".theme-form input")) return;
    showTheme(target.value);
    try {
      localStorage.setItem(THEME, target.value);
    } catch {}
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === THEME && newValue) showTheme(newValue);
  });

  // A conversation that is opened from the list takes the place of the main column alone. It is marked in the list at
  // once; what is marked is set right once it is there, or was not.
  const isOpening = (ctx) => ctx.target?.id === "main" && ctx.sourceElement.matches("#sidebar a");
  const mark = (path, folder) => {
    for (const item of document.querySelectorAll(".sidebar-item, .sidebar-folder")) {
      if (item.pathname === path) item.setAttribute("aria-current", "page");
      else if (item.pathname === folder) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
  };
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (isOpening(ctx)) mark(ctx.sourceElement.pathname);
  });
  // The address of what couldn't be opened is not gone to.
  document.addEventListener("htmx:before:history:update", (event) => {
    if (!event.detail.response.raw.ok) event.preventDefault();
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (!isOpening(ctx)) return;
    mark(location.pathname, document.querySelector(".folder-link")?.pathname);
    if (ctx.response?.status === 404) htmx.trigger(document.body, "conversations:changed");
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!isOpening(ctx)) return;
    const sidebar = document.getElementById("sidebar");
    if (sidebar.matches(":popover-open")) sidebar.hidePopover();
    window.notifications.announce(document.querySelector("h1").textContent);
  });

  // What the feed says of replies is shown in the rows, and in the window's title while it isn't looked at; the list is
  // fetched again where something else has changed, once it is looked at.
  let unseen = [];
  let isStale = false;
  const words = () => document.getElementById("sidebar-list").dataset;

  const showStates = (running) => {
    const fresh = new Set(unseen.map(({ url }) => url));
    for (const item of document.querySelectorAll(".sidebar-item")) {
      const state = running.includes(item.pathname) ? "running" : fresh.has(item.pathname) ? "unseen" : "";
      if (state) item.parentElement.dataset.state = state;
      else delete item.parentElement.dataset.state;
      item.ariaDescription = state ? words()[state] : null;
    }
  };

  const showCount = () => {
    const elsewhere = unseen.filter(({ url }) => document.hidden || url !== location.pathname);
    const bare = document.title.replace(/^\(\d+\) /, "");
    document.title = elsewhere.length ? `(${elsewhere.length}) ${bare}` : bare;
  };

  const refetch = () => {
    isStale = document.hidden;
    if (!isStale) htmx.trigger(document.body, "conversations:changed");
  };

  document.addEventListener("feed:news", ({ detail: news }) => {
    unseen = news.unseen;
    showStates(news.running);
    showCount();
    if (news.isListChanged) refetch();
  });
  // By then htmx has given the window its title.
  document.addEventListener("htmx:finally:swap", showCount);
  document.addEventListener("visibilitychange", () => {
    showCount();
    if (isStale) refetch();
  });

  // The sheet of narrow screens must not stay open as a popover when the window grows.
  matchMedia("(width >= 60rem)").addEventListener("change", () => {
    const sidebar = document.getElementById("sidebar");
    if (sidebar?.matches(":popover-open")) sidebar.hidePopover();
  });

  const runCommand = (button) => {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog?.showModal();
    else dialog?.close();
  };
  const lacksCommands = !("command" in HTMLButtonElement.prototype);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sidebar-toggle]")) toggleSidebar();
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
    // The one menu of the list must not show what was in it for another row.
    const options = event.target.closest(".sidebar-options, .row-options");
    if (options) document.getElementById(options.getAttribute("popovertarget")).replaceChildren();
    const command = event.target.closest("[commandfor]");
    if (command && lacksCommands) runCommand(command);
    // A menu of which something was chosen has done its work.
    event.target.closest(".menu[popover] .menu-item, [popover] [commandfor]")?.closest("[popover]").hidePopover();
  });

  // The dialog or the toast from which a conversation was changed has done its work. Where what asked for it has left the
  // page meanwhile, the document itself is told.
  document.addEventListener("conversations:changed", ({ target }) => {
    target.closest?.("dialog")?.close();
    target.closest?.(".toast")?.remove();
  });

  // Up and down in a menu, and into it from its button.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const menu = event.target.closest(".menu[popover]") ?? document.getElementById(event.target.getAttribute("popovertarget"));
    if (!step || !menu?.matches(".menu:popover-open")) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll(".menu-item")];
    const at = items.indexOf(event.target);
    items.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % items.length)?.focus();
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    // A renamed conversation has a new header: the focus goes back to the button that led to the dialog.
    if (ctx.target?.id === "conversation-header") document.getElementById("conversation-menu-button")?.focus();
  });

  // A dialog that was fetched opens, once.
  document.addEventListener("htmx:after:swap", () => {
    const dialog = document.querySelector("dialog[data-open]");
    dialog?.removeAttribute("data-open");
    dialog?.showModal();
  });

  // Typing a new folder's name chooses it.
  document.addEventListener("input", ({ target }) => {
    const value = target.dataset?.chooses;
    if (value) target.form.querySelector(`[type=radio][value="${value}"]`).checked = true;
  });

  // What is there to be replaced is selected.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-select]")) target.select();
  });

  // Whoever signs out on purpose leaves no unsent text behind.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    Object.keys(localStorage)
      .filter((key) => key.startsWith("draft:"))
      .forEach((key) => localStorage.removeItem(key));
  });
})();
