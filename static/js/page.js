// What every page needs: the reader's time zone, the sidebar, dialogs in older browsers, toasts, signing out.
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
    if (current() && !isSeen(current())) current().scrollIntoView({ block: "center" });
    current()?.scrollIntoView({ block: "nearest" });
  };

  const storePlace = () => {
    if (list.clientHeight) sessionStorage.setItem(PLACE, JSON.stringify(takePlace()));
  };
  const restorePlace = () => goToPlace(JSON.parse(sessionStorage.getItem(PLACE) ?? "{}"));

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
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    if (list?.contains(ctx.sourceElement)) place = takePlace();
  });
  document.addEventListener("htmx:after:swap", () => {
    if (place) goToPlace(place);
    place = null;
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
    const button = event.target.closest("[commandfor]");
    if (!button) return;
    if (lacksCommands) runCommand(button);
    button.closest("[popover]")?.hidePopover();
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    // A renamed conversation has a new header: the focus goes back to the button that led to the dialog.
    if (ctx.target?.id === "conversation-header") document.getElementById("conversation-menu-button")?.focus();
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
