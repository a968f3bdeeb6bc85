// Selecting: real checkboxes, which show while something is being selected. What is selected is known here, and sent from here:
// rows come and go as a list is scrolled or fetched again. Fetched by sidebar.js when that begins for the first time.
const form = document.getElementById("selection");
await window.styles.load(form.dataset.style);

const selected = new Set();
let place = null; // the part of the page in which is being selected
let last = null; // the box that was touched last

const boxes = () => [...place.querySelectorAll(".row-check")];
const beginner = () => place.querySelector("[data-select-begin]");
const linkOf = (box) => box.parentElement.querySelector("a");

const show = (isSelecting = true) => {
  for (const box of boxes()) {
    box.checked = selected.has(box.value);
    if (isSelecting) linkOf(box).tabIndex = -1;
    else linkOf(box).removeAttribute("tabindex");
  }
  const bar = place.querySelector(".selection");
  const count = bar.querySelector("[role=status]");
  const text = count.dataset.text.replace("#", selected.size);
  bar.hidden = !isSelecting;
  place.toggleAttribute("data-selecting", isSelecting);
  beginner().ariaPressed = String(isSelecting);
  if (isSelecting && count.textContent !== text) count.textContent = text;
  for (const button of bar.querySelectorAll(".selection-action")) button.disabled = !selected.size;
  const fields = [...selected].map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value }));
  document.getElementById("selection-ids").replaceChildren(...fields);
};

const set = (box, isOn) => {
  if (!isOn) selected.delete(box.value);
  else if (selected.size < Number(form.dataset.most)) selected.add(box.value);
};

// From a row's menu with that row, else with none, at the first row in sight.
export const begin = (where, id) => {
  if (place) end();
  place = where;
  last = boxes().find((box) => box.value === id);
  if (last) set(last, true);
  show();
  // It may have been fetched for a while: who types by now isn't taken from it.
  if (document.activeElement.matches("textarea, input:not(.row-check)")) return;
  const { bottom } = beginner().getBoundingClientRect();
  (last ?? boxes().find((box) => box.getBoundingClientRect().top > bottom))?.focus();
};

const end = () => {
  const focused = document.activeElement;
  selected.clear();
  show(false);
  const { value } = focused.matches(".row-check") ? focused : (last ?? {});
  const box = boxes().find((each) => each.value === value);
  if (focused === document.body || place.contains(focused)) (box ? linkOf(box) : beginner()).focus();
  place = last = null;
};

// From the one that was touched last to this one, all become what this one becomes.
const toggle = (box, isOn, isRange) => {
  const there = boxes();
  const to = there.indexOf(box);
  const from = isRange ? there.findIndex((each) => each.value === last?.value) : -1;
  const range = from < 0 ? [box] : there.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const each of range) set(each, isOn);
  last = box;
  show();
};

document.addEventListener(
  "click",
  (event) => {
    const { target } = event;
    const where = target.closest?.("[data-selectable]");
    const chosen = target.closest?.("[data-select-row]");
    if (chosen) return begin(where, chosen.dataset.selectRow);
    if (target.closest?.("[data-select-begin]")) return where === place ? end() : begin(where);
    if (!place || where !== place) return;
    if (target.matches(".row-check")) toggle(target, target.checked, event.shiftKey);
    // A row is selected instead of opened.
    const box = target.closest("li a")?.parentElement.querySelector(".row-check");
    if (box && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      toggle(box, !box.checked, event.shiftKey);
      box.focus();
    }
    if (target.closest("[data-select-none]")) end();
    if (target.closest("[data-select-all]")) {
      boxes().forEach((each) => set(each, true));
      show();
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (!place || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.target.closest("[role=search], #search-found")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && event.target.matches(".row-check")) {
    event.preventDefault();
    boxes()[boxes().indexOf(event.target) + step]?.focus();
  } else if (event.key === "Escape") {
    event.preventDefault();
    end();
  }
});

document.addEventListener("htmx:after:swap", () => {
  if (place?.isConnected) return show();
  selected.clear();
  place = last = null;
});
document.addEventListener("conversations:changed", ({ target }) => {
  if (!place || !target.closest?.("[data-for-selection]")) return;
  document.getElementById("selection-delete-dialog").close();
  end();
});
