// The viewer of files: a message's pictures, the pages of a PDF, the beginning of a text. A module: attachments.js fetches it when
// the first one is opened.
const MOST = 8; // times as large as it fits
const STEP = 1.5;

const viewer = document.getElementById("file-viewer");
const stage = viewer.querySelector(".file-viewer-stage");
const words = viewer.dataset;
const steps = [...viewer.querySelectorAll("[data-step]")];

await window.styles.load(words.style);

// What can be turned over: { name, download, url, label }; `url` is a picture's.
let items = [];
let at = 0;
let zoom = 1;

const listPictures = (link) => {
  const links = [...link.closest("ul").querySelectorAll("[data-show=picture]")];
  at = links.indexOf(link);
  return links.map(({ href, dataset }) => ({ ...dataset, url: href, label: words.picture }));
};

const listPages = ({ dataset }) =>
  Array.from({ length: dataset.pages }, (_, index) => ({
    ...dataset,
    url: dataset.pageUrl.replace(/0\/$/, `${index + 1}/`),
    label: words.page,
  }));

const LISTS = { picture: listPictures, pages: listPages, text: ({ dataset }) => [{ ...dataset, label: "" }] };

export function open(link) {
  if (!link.isConnected || viewer.open) return;
  at = 0;
  items = LISTS[link.dataset.show](link);
  viewer.dataset.shows = link.dataset.show;
  viewer.showModal();
  show();
}

function show() {
  const { name, note = "", download, label, url } = items[at];
  viewer.querySelector("h2").textContent = name;
  const sent = viewer.querySelector(".file-viewer-note");
  sent.textContent = note;
  sent.hidden = !note;
  const link = viewer.querySelector("[data-viewer-download]");
  link.href = download;
  link.download = name;
  const place = { number: at + 1, count: items.length };
  const position = items.length > 1 ? label.replace(/\{(\w+)\}/g, (_, key) => place[key]) : "";
  viewer.querySelector("[role=status]").textContent = position;
  steps[0].disabled = at === 0;
  steps[1].disabled = at === items.length - 1;
  for (const step of steps) step.hidden = items.length < 2;
  for (const button of viewer.querySelectorAll("[data-zoom]")) button.hidden = !url;
  if (url) showPicture(url, position && label === words.page ? `${name}, ${position}` : name);
  else showText(items[at]);
}

function say(sentence) {
  const line = Object.assign(document.createElement("p"), { className: "file-viewer-problem", textContent: sentence });
  stage.replaceChildren(line);
}

function showPicture(url, alt) {
  const picture = Object.assign(new Image(), { alt, src: url, draggable: false });
  picture.addEventListener("error", () => picture.isConnected && say(words.problem));
  stage.replaceChildren(picture);
  setZoom(1);
  // The next one is there when it is turned to.
  const next = items[at + 1];
  if (next) new Image().src = next.url;
}

async function showText({ textUrl }) {
  const shown = items;
  stage.replaceChildren();
  const response = await fetch(textUrl).catch(() => null);
  if (items !== shown) return;
  if (!response?.ok || response.redirected) return say(words.problem);
  const text = Object.assign(document.createElement("pre"), { textContent: await response.text(), dir: "auto" });
  stage.replaceChildren(text);
}

// A button that can't be pressed any more leaves the keyboard to the picture.
function keepFocus() {
  if (document.activeElement === document.body || document.activeElement.disabled) stage.focus();
}

// Larger around what is looked at: the middle, or where it was clicked.
function setZoom(wanted, point = null) {
  const picture = stage.querySelector("img");
  if (!picture) return;
  const before = picture.getBoundingClientRect();
  const frame = stage.getBoundingClientRect();
  const [x, y] = point ?? [frame.left + frame.width / 2, frame.top + frame.height / 2];
  const [shareX, shareY] = [(x - before.left) / before.width, (y - before.top) / before.height];
  const fitting = before.width / zoom;
  zoom = Math.min(Math.max(wanted, 1), MOST);
  stage.toggleAttribute("data-zoomed", zoom > 1);
  picture.style.inlineSize = zoom > 1 ? `${fitting * zoom}px` : "";
  const after = picture.getBoundingClientRect();
  stage.scrollLeft += after.left + after.width * shareX - x;
  stage.scrollTop += after.top + after.height * shareY - y;
  viewer.querySelector("[data-zoom=out]").disabled = zoom <= 1;
  viewer.querySelector("[data-zoom=in]").disabled = zoom >= MOST;
  keepFocus();
}

// As large as it is, or twice as large as it fits, and back.
function toggleZoom(picture, point) {
  const natural = picture.naturalWidth / picture.getBoundingClientRect().width;
  setZoom(zoom > 1 ? 1 : Math.max(natural, 2), point);
}

function turn(step) {
  if (!items[at + step]) return;
  at += step;
  show();
  keepFocus();
}

viewer.addEventListener("click", ({ target, clientX, clientY }) => {
  const step = target.closest("[data-step]");
  const larger = target.closest("[data-zoom]")?.dataset.zoom;
  if (step) turn(Number(step.dataset.step));
  else if (larger) setZoom(larger === "in" ? zoom * STEP : zoom / STEP);
  else if (target.matches("img")) toggleZoom(target, [clientX, clientY]);
  else if (target === stage) viewer.close();
});

viewer.addEventListener("keydown", (event) => {
  const isRightToLeft = getComputedStyle(viewer).direction === "rtl";
  const onward = isRightToLeft ? -1 : 1;
  const keys = {
    ArrowRight: () => zoom > 1 || turn(onward),
    ArrowLeft: () => zoom > 1 || turn(-onward),
    Home: () => turn(-at),
    End: () => turn(items.length - 1 - at),
    "+": () => setZoom(zoom * STEP),
    "=": () => setZoom(zoom * STEP),
    "-": () => setZoom(zoom / STEP),
    0: () => setZoom(1),
  };
  if (!keys[event.key] || !items[at].url || event.ctrlKey || event.metaKey || event.altKey) return;
  // What is larger than the window is scrolled by arrows.
  if (keys[event.key]() !== true) event.preventDefault();
});

viewer.addEventListener("close", () => {
  stage.replaceChildren();
  items = [];
  zoom = 1;
});
