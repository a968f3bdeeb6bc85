// Sends a file in pieces, from where the last one ended, through bad lines and busy moments; and makes it ready before: a thumbnail
// of a picture, and a smaller one of a large photo. A module: attachments.js fetches it with the first file.
const PIECE = 1024 * 1024; // bytes
const LARGEST = 2048; // px: the longer side of a picture that is sent
const THUMBNAIL = 80; // px
const TRIES = 5;
const TIMEOUT = 180_000; // ms
const BUSY = [429, 502, 503, 504];

const page = document.getElementById("toasts").dataset;

const draw = (bitmap, width, height, { isCut = false } = {}) => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const scale = (isCut ? Math.max : Math.min)(width / bitmap.width, height / bitmap.height);
  const [drawnWidth, drawnHeight] = [bitmap.width * scale, bitmap.height * scale];
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (width - drawnWidth) / 2, (height - drawnHeight) / 2, drawnWidth, drawnHeight);
  return canvas;
};

const shrink = async (file, bitmap) => {
  const scale = LARGEST / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1 || file.type === "image/gif") return file;
  const canvas = draw(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const type = /hei[cf]$/.test(file.type) ? "image/jpeg" : file.type;
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, 0.9));
  return blob?.size < file.size ? new File([blob], file.name.replace(/\.hei[cf]$/i, ".jpg"), { type }) : file;
};

const drawPicture = async (item) => {
  const bitmap = await createImageBitmap(item.file);
  item.chip.querySelector(".file-thumbnail").replaceChildren(draw(bitmap, THUMBNAIL, THUMBNAIL, { isCut: true }));
  item.file = await shrink(item.file, bitmap);
  bitmap.close();
};

// One after another: a photo takes 50 MB while it is drawn. What the browser can't draw is sent as it is.
let drawing = Promise.resolve();
export const preparePicture = (item) => {
  if (item.isPrepared || !/^image\/(?!svg)/.test(item.file.type)) return null;
  item.isPrepared = true;
  return (drawing = drawing.then(() => drawPicture(item)).catch(() => {}));
};

// Requests

// What a reader is told; what is final isn't tried again.
class Failure extends Error {
  constructor(sentence, { isFinal = false } = {}) {
    super(sentence);
    Object.assign(this, { sentence, isFinal });
  }
}

const ask = (item, method, url, body = null) =>
  new Promise((resolve, reject) => {
    const request = (item.request = new XMLHttpRequest());
    request.open(method, url);
    request.timeout = TIMEOUT;
    request.setRequestHeader("X-CSRFToken", item.csrf);
    if (body instanceof ArrayBuffer) request.upload.onprogress = ({ loaded }) => item.onProgress((item.offset + loaded) / item.file.size);
    request.onload = () => resolve(request);
    request.onerror = request.ontimeout = request.onabort = () => reject(new Failure(item.words.network));
    request.send(body);
  });

const pause = (ms) =>
  new Promise((resolve) => {
    addEventListener("online", resolve, { once: true });
    if (navigator.onLine) setTimeout(resolve, ms);
  });

// Repeats what a bad line or a busy server has kept from working.
const persist = async (item, action) => {
  for (let tries = 1; ; tries++) {
    try {
      const answer = await action();
      if (!BUSY.includes(answer.status) || tries === TRIES) return answer;
    } catch (error) {
      if (item.isRemoved || error.isFinal || tries === TRIES) throw error;
    }
    await pause(500 * 2 ** tries);
  }
};

const isOfType = (answer, type) => answer.getResponseHeader("Content-Type")?.startsWith(type);

// Returns what an answer says. A session that ended answers with the page to sign in.
const check = (item, answer, url) => {
  const { status, responseURL, responseText: text } = answer;
  if (status === 403 || new URL(responseURL).pathname !== url) throw new Failure(page.refused);
  if (status < 300) return text;
  if (status < 500) item.url = null; // the server has forgotten it
  const isSentence = isOfType(answer, "text/plain");
  throw new Failure(isSentence ? text : status === 404 ? page.gone : page.server);
};

const begin = async (item) => {
  const { name, size } = item.file;
  const body = new URLSearchParams({ name, size, draft: item.draft });
  const answer = await persist(item, () => ask(item, "POST", item.words.begin, body));
  const { id } = JSON.parse(check(item, answer, item.words.begin));
  item.url = `${item.words.begin}${id}/`;
};

export const upload = async (item) => {
  let isSure = !item.url;
  let conflicts = 0;
  item.offset = 0;
  if (!item.url) await begin(item);
  const url = `${item.url}content/`;
  for (;;) {
    const answer = await persist(item, async () => {
      if (!isSure) {
        const known = await ask(item, "GET", url);
        if (known.status !== 200) return known;
        item.offset = JSON.parse(check(item, known, url)).received;
      }
      isSure = false;
      const piece = await item.file.slice(item.offset, item.offset + PIECE).arrayBuffer().catch(() => {
        throw new Failure(item.words.unreadable.replace("{name}", () => item.file.name), { isFinal: true });
      });
      return ask(item, "POST", `${url}?offset=${item.offset}`, piece);
    });
    isSure = true;
    if (answer.status === 409 && ++conflicts < TRIES) {
      item.offset = JSON.parse(answer.responseText).received;
      continue;
    }
    const text = check(item, answer, url);
    if (!isOfType(answer, "application/json")) return text;
    item.offset = JSON.parse(text).received;
  }
};

