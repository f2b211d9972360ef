// What pages gain where scripts run; without them they stay complete.
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 640px)");
const stacked = matchMedia("(max-width: 900px)");

function look(figure) {
  const url = new URL(figure.dataset.chart, location.href);
  url.searchParams.set("theme", dark.matches ? "dark" : "light");
  url.searchParams.set("width", narrow.matches ? "narrow" : stacked.matches ? "wide" : figure.dataset.width);
  return url;
}

// --- Hover values on charts: the same definition, drawn by the browser over the server's picture.

let tip;

function showTip(handler, event, item, value) {
  if (!tip) {
    tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    document.body.append(tip);
  }
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  tip.replaceChildren(...Object.entries(value).map(([name, words]) => {
    const line = document.createElement("div");
    const said = document.createElement("b");
    said.textContent = words;
    line.append(name, said);
    return line;
  }));
  const room = document.documentElement;
  const left = Math.min(event.clientX + 14, room.clientWidth - tip.offsetWidth - 8);
  const top = event.clientY + 18 + tip.offsetHeight > room.clientHeight ? event.clientY - tip.offsetHeight - 12 : event.clientY + 18;
  tip.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
}

let script;

function vega() {
  script ??= new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = document.body.dataset.vega;
    element.onload = () => resolve(window.drawChart);
    element.onerror = reject;
    document.head.append(element);
  });
  return script;
}

async function draw(figure) {
  const [embed, answer] = await Promise.all([vega(), fetch(look(figure))]);
  const specification = await answer.json();
  const place = figure.querySelector(".drawn");
  await embed(place, specification, {
    actions: false, ast: true, defaultStyle: false, mode: "vega-lite", renderer: "svg", tooltip: showTip,
  }).then(({ view }) => view.addEventListener("click", (event, item) => {
    if (item?.datum?.link) location.assign(item.datum.link);
  }));
  fit(place);
  place.hidden = false;
  figure.querySelector("picture").hidden = true;
}

function fit(place) {
  const svg = place.querySelector("svg");
  if (!svg || !svg.getAttribute("viewBox")) return;
  svg.removeAttribute("width");
  svg.removeAttribute("height");
}

function drawSeen(entries, observer) {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    observer.unobserve(entry.target);
    draw(entry.target).catch(() => {});
  }
}

const charts = document.querySelectorAll("[data-chart]");
if (charts.length) {
  const start = () => {
    const observer = new IntersectionObserver(drawSeen, { rootMargin: "200px" });
    charts.forEach((figure) => observer.observe(figure));
  };
  addEventListener("load", () => (window.requestIdleCallback ? requestIdleCallback(start, { timeout: 2000 }) : start()));
  for (const query of [dark, narrow, stacked]) {
    query.addEventListener("change", () => charts.forEach((figure) => {
      if (!figure.querySelector("picture").hidden) return;
      draw(figure).catch(() => {});
    }));
  }
}

// --- Numbers behind a chart, fetched when they are opened.

for (const details of document.querySelectorAll("details[data-numbers]")) {
  details.addEventListener("toggle", async () => {
    if (!details.open || details.dataset.read) return;
    details.dataset.read = "yes";
    const answer = await fetch(details.dataset.numbers);
    if (answer.ok) details.querySelector(".scroll").innerHTML = await answer.text();
  });
}

// --- An upload says how far it is.

for (const form of document.querySelectorAll("form[data-upload]")) {
  const chosen = form.querySelector(".chosen");
  const files = form.querySelector("input[type=file]");
  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);
  files.addEventListener("change", () => {
    chosen.textContent = [...files.files].map((file) => `${file.name} (${size(file.size)})`).join(", ");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bar = form.querySelector("progress");
    const said = form.querySelector(".sent");
    const button = form.querySelector("button");
    const request = new XMLHttpRequest();
    button.disabled = true;
    bar.hidden = false;
    request.upload.addEventListener("progress", (sent) => {
      bar.value = sent.loaded / sent.total;
      said.textContent = `${size(sent.loaded)} of ${size(sent.total)} sent`;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        location.assign(request.responseURL);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const trouble = page.querySelector("[role=alert], .problem h1");
      said.textContent = trouble ? trouble.textContent : "The upload was refused.";
      button.disabled = false;
      bar.hidden = true;
    });
    request.addEventListener("error", () => {
      said.textContent = "The connection broke; is the program still running? Send it again: nothing comes in twice.";
      button.disabled = false;
      bar.hidden = true;
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

// --- An import's progress, without reloading the page.

for (const place of document.querySelectorAll("[data-progress]")) {
  const look = async () => {
    const answer = await fetch(place.dataset.progress).catch(() => null);
    const state = answer?.ok ? await answer.json() : null;
    if (state) place.innerHTML = state.words;
    if (!state?.is_ended) setTimeout(look, 700);
  };
  setTimeout(look, 400);
}

// --- The state of mailboxes, without reloading the page; buttons stay where they are unless they change.

function settle(place, words) {
  const fresh = new DOMParser().parseFromString(words, "text/html");
  const cards = [...fresh.querySelectorAll("[data-mailbox]")];
  const shown = [...place.querySelectorAll("[data-mailbox]")];
  if (cards.map((one) => one.dataset.mailbox).join() !== shown.map((one) => one.dataset.mailbox).join()) {
    place.replaceChildren(...fresh.body.children);
    return;
  }
  cards.forEach((card, number) => {
    for (const part of card.querySelectorAll("[data-part]")) {
      const old = shown[number].querySelector(`[data-part="${part.dataset.part}"]`);
      const isSame = part.dataset.kind === undefined ? part.innerHTML === old.innerHTML : part.dataset.kind === old.dataset.kind;
      if (!isSame) old.replaceWith(part);
    }
  });
}

for (const place of document.querySelectorAll("[data-live]")) {
  const look = async () => {
    const answer = document.hidden ? null : await fetch(place.dataset.live).catch(() => null);
    const state = answer?.ok ? await answer.json() : null;
    if (state) settle(place, state.words);
    setTimeout(look, state?.is_under_way ? 1500 : 5000);
  };
  setTimeout(look, 1500);
}
