// What a character at the beginning of a word offers while one types: "/" at the beginning of a line, "@" of any word. A module:
// composer.js fetches it with the first of them. The text box says where each is asked for: data-slash, data-at.
//
// The server answers with a list (role=listbox) of options. data-insert is put in the place of the word, which may be nothing; what
// else an option does, htmx does by its click. What is put into the page later with data-insert, as a dialog's answer, goes there too.
const DELAY = 120; // ms
const LONGEST = 60; // characters
const TRIGGERS = [
  { name: "slash", pattern: /(?:^|\n)(\/[^\s/]*)$/ },
  { name: "at", pattern: /(?:^|\s)(@[^\s@]*)$/ },
];

const known = new WeakSet();
const panel = Object.assign(document.createElement("div"), { className: "suggestions", hidden: true });
let box = null;
let word = null; // what is offered for: its name, beginning, end and text
let dismissed = -1; // where a word begins that nothing is wanted for
let chosen = null; // the word in whose place a text comes that is still asked for
let request = null;
let waiting = null;
let isTaking = false; // Enter was pressed before the answer to the last letter was there

const options = () => [...panel.querySelectorAll("[role=option]")];
const isOpen = () => !panel.hidden;
const active = () => panel.querySelector("[aria-selected=true]");

const findWord = ({ value, selectionStart: end, selectionEnd, dataset }) => {
  // Within a word nothing is begun.
  if (end !== selectionEnd || /\S/.test(value.charAt(end))) return null;
  const before = value.slice(Math.max(0, end - LONGEST), end);
  // What was cut off before it is no beginning of a line.
  const cut = end > LONGEST ? value.charAt(end - LONGEST - 1) : "";
  for (const { name, pattern } of TRIGGERS) {
    const found = dataset[name] && pattern.exec(cut + before)?.[1];
    if (found) return { name, begin: end - found.length, end, text: found };
  }
  return null;
};

const close = () => {
  clearTimeout(waiting);
  request?.abort();
  request = word = null;
  isTaking = false;
  if (!isOpen()) return;
  panel.hidden = true;
  for (const name of ["aria-haspopup", "aria-controls", "aria-autocomplete", "aria-activedescendant"]) box.removeAttribute(name);
};

const activate = (option) => {
  active()?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", option.id);
};

// Where there is more room: above the box, or below it.
const place = () => {
  const { top, bottom } = box.form.getBoundingClientRect();
  const [above, below] = [top, innerHeight - bottom];
  panel.classList.toggle("is-below", below > above);
  panel.style.setProperty("--room", `${Math.max(above, below)}px`);
};

const show = (answer) => {
  panel.replaceChildren(answer);
  if (panel.parentElement !== box.form) box.form.append(panel);
  const list = panel.querySelector("[role=listbox]");
  const found = options();
  panel.hidden = !panel.textContent.trim();
  if (!isOpen()) return;
  place();
  window.htmx?.process(panel);
  found.forEach((option, index) => (option.id = `suggestion-${index}`));
  list.id = "suggestions-list";
  // A textarea may not be a combobox, but this much of one.
  const attributes = { "aria-haspopup": "listbox", "aria-controls": list.id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  box.removeAttribute("aria-activedescendant");
  if (found.length) activate(found[0]);
  window.notifications?.announce(list.dataset.found);
};

const ask = async () => {
  const { name, text } = word;
  request?.abort();
  const own = (request = new AbortController());
  const url = new URL(box.dataset[name], location);
  url.searchParams.set("q", text.slice(1));
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: own.signal });
  if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
  const html = await window.styles.add(await answer.text());
  const template = Object.assign(document.createElement("template"), { innerHTML: html });
  if (request !== own) return;
  request = null;
  show(template.content);
  if (isTaking) take();
};

// Also where there is nothing to take after all: then Enter is what it always is.
const take = () => {
  isTaking = false;
  if (active()) return active().click();
  const held = box;
  close();
  held.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
};

const update = (target) => {
  const found = findWord(target);
  if (!found || found.begin !== dismissed) dismissed = -1;
  if (!found || dismissed >= 0 || (box && box !== target)) close();
  if (!found || dismissed >= 0) return;
  if (word?.text === found.text && word.begin === found.begin && (request || isOpen())) return;
  const isFirst = !word;
  box = target;
  word = found;
  isTaking = false;
  clearTimeout(waiting);
  request?.abort();
  request = { abort() {} }; // whatever is shown is of an earlier letter
  waiting = setTimeout(() => ask().catch(({ name }) => name !== "AbortError" && close()), isFirst ? 0 : DELAY);
};

// As if it were typed, so that it can be undone and is kept as a draft.
const insert = ({ target, begin, end, text: replaced }, text) => {
  target.focus();
  if (target.value.slice(begin, end) === replaced) target.setSelectionRange(begin, end);
  else if (!text) return;
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
  target.setRangeText(text, target.selectionStart, target.selectionEnd, "end");
  target.dispatchEvent(new Event("input", { bubbles: true }));
};

panel.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
panel.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (!option || !word) return;
  chosen = { ...word, target: box };
  close();
  if (option.dataset.insert === undefined) return;
  insert(chosen, option.dataset.insert);
});
panel.addEventListener("mousemove", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option && option !== active()) activate(option);
});

const onKey = (event) => {
  if (!isOpen() || event.isComposing || event.keyCode === 229) return;
  const found = options();
  const hasModifier = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
  if (event.key === "Escape") {
    dismissed = word.begin;
    close();
  } else if (hasModifier || !found.length) return;
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const at = found.indexOf(active()) + (event.key === "ArrowDown" ? 1 : -1);
    activate(found.at(at % found.length));
  } else if (event.key === "Enter" || event.key === "Tab") {
    if (request) isTaking = true;
    else active().click();
  } else return;
  event.preventDefault();
  event.stopPropagation();
};

export const begin = (target) => {
  if (known.has(target)) return;
  known.add(target);
  target.addEventListener("input", ({ isComposing }) => isComposing || update(target));
  target.addEventListener("compositionend", () => update(target));
  target.addEventListener("keydown", onKey);
  // Moved elsewhere, the caret has left the word.
  target.addEventListener("click", () => isOpen() && update(target));
  target.addEventListener("keyup", ({ key }) => isOpen() && /^(Arrow(Left|Right)|Home|End|Page.*)$/.test(key) && update(target));
  target.addEventListener("blur", close);
  update(target);
};

// A dialog that was asked for by an option, and what it answers.
document.addEventListener("htmx:after:swap", async () => {
  const place = document.getElementById("options-dialogs");
  const text = place?.querySelector("[data-insert]");
  if (text && chosen) {
    insert(chosen, text.dataset.insert);
    place.replaceChildren();
    chosen = null;
  }
  for (const field of place?.querySelectorAll("[data-clipboard]:placeholder-shown") ?? []) {
    // Where the browser doesn't allow it, the field is there to be pasted into.
    const copied = await navigator.clipboard?.readText().catch(() => "");
    if (copied && !field.value) field.value = copied.slice(0, field.maxLength > 0 ? field.maxLength : undefined);
  }
});
