// The transcript: keys for what has a button or a link, and nothing typed or scrolled to is lost between pages.
(() => {
  const root = document.querySelector(".transcript");

  // What a key does is what the element that names it does when it is clicked.
  const isTyping = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing || isTyping(event.target)) return;
    const named = [...document.querySelectorAll("[aria-keyshortcuts]")];
    const target = named.find((element) => element.getAttribute("aria-keyshortcuts") === event.key);
    if (!target) return;
    event.preventDefault();
    target.click();
  });

  // Drafts: what differs from what the server wrote, of each form but the one that is sent.
  const key = `review:${root.dataset.reader}:${root.dataset.conversation}`;
  const scrollKey = `${key}:scroll`;
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !["hidden", "submit"].includes(field.type));
  const isBox = (field) => ["radio", "checkbox"].includes(field.type);
  const isChanged = (field) => {
    if (isBox(field)) return field.checked !== field.defaultChecked;
    if (field.type === "select-one") return !field.selectedOptions[0]?.defaultSelected && (field.selectedIndex > 0 || field.querySelector("[selected]"));
    return field.value !== field.defaultValue;
  };
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const draftKeyOf = (field, index) => `${field.form.dataset.draft} ${field.name} ${index}`;
  let sent = null;

  const saveDrafts = () => {
    const drafts = {};
    for (const form of forms) {
      if (form === sent) continue;
      fieldsOf(form).forEach((field, index) => {
        if (isChanged(field)) drafts[draftKeyOf(field, index)] = isBox(field) ? field.checked : field.value;
      });
    }
    if (Object.keys(drafts).length) sessionStorage.setItem(key, JSON.stringify(drafts));
    else sessionStorage.removeItem(key);
    if (sent) sessionStorage.setItem(scrollKey, scrollY);
    sent = null;
  };

  const restoreDrafts = () => {
    const drafts = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    for (const form of forms) {
      fieldsOf(form).forEach((field, index) => {
        const value = drafts[draftKeyOf(field, index)];
        if (value === undefined) return;
        if (typeof value === "boolean") field.checked = value;
        else field.value = value;
        const closed = field.closest("details:not([open])");
        if (closed) closed.open = true;
      });
    }
  };

  document.addEventListener("submit", (event) => {
    sent = event.target;
  });
  addEventListener("pagehide", saveDrafts);
  restoreDrafts();

  // Back where one was when a form was sent; otherwise to what is to be seen first.
  const scrolled = sessionStorage.getItem(scrollKey);
  sessionStorage.removeItem(scrollKey);
  const refused = document.querySelector("#stale-version, .transcript .errorlist");
  const highlighted = document.querySelector(".transcript-message.is-highlighted");
  if (refused) refused.scrollIntoView({ block: "center" });
  else if (scrolled !== null) scrollTo({ top: Number(scrolled), behavior: "instant" });
  else if (highlighted && !location.hash) highlighted.scrollIntoView();
})();
