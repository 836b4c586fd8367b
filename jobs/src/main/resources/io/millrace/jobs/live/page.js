"use strict";
// Draws what the server tells: "job" once, then "course" (points of the curves), "telemetry" (the newest record of it),
// "predictions", "deadLetters", and at last "end". Nothing that comes from events is ever taken as HTML.

const QUIET_MILLIS = 10_000; // without telemetry
const SPEED_MILLIS = 3_000; // over which speed is measured
const UNKNOWN = "–";

const find = id => document.getElementById(id);
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const formats = {
  count: figure => grouped.format(figure),
  score: figure => Math.abs(figure) < 1e5 ? figure.toFixed(4).replace("-0.0000", "0.0000") : figure.toExponential(3),
  value: figure => Math.abs(figure) >= 1e5 || (figure !== 0 && Math.abs(figure) < 1e-3)
    ? figure.toExponential(3) : String(Number(figure.toPrecision(5))),
  millis: figure => figure < 10 ? figure.toFixed(1) : grouped.format(figure),
  percent: figure => `${(100 * figure).toFixed(1)} %`,
};
const shown = (figure, format) => figure === undefined || figure === null ? UNKNOWN : formats[format](figure);
const at = (record, path) => path.split(".").reduce((part, name) => part?.[name], record);

let job = { name: "", drifts: [] };
let telemetry = null;
let values = false; // whether values are predicted, not classes
let points = [];
let lastNews = 0;

// ---- state ----------------------------------------------------------------------------------------------------------

const STATES = {
  connecting: "Connecting",
  waiting: "Waiting for events",
  learning: "Learning",
  quiet: "No new events",
  lost: "Connection lost; trying again",
  ended: "Ended",
};

function enter(state) {
  const element = find("state");
  if (element.dataset.state !== state) {
    element.dataset.state = state;
    element.textContent = STATES[state];
  }
}

// ---- figures --------------------------------------------------------------------------------------------------------

function showFigures() {
  values = telemetry.overall.scores.mae !== undefined;
  document.querySelectorAll("[data-kind]").forEach(each => each.hidden = (each.dataset.kind === "values") !== values);
  document.querySelectorAll("[data-needs]").forEach(each => each.hidden = at(telemetry, each.dataset.needs) === undefined);
  document.querySelectorAll("[data-figure]").forEach(each => {
    each.textContent = shown(at(telemetry, each.dataset.figure), each.dataset.format);
  });
  find("dead-letter-tile").classList.toggle("some", telemetry.overall.deadLetters > 0);
  find("score-chart-title").textContent = values ? "Mean absolute error, test-then-train" : "Accuracy, test-then-train";
  find("loss-chart-title").textContent = values ? "Root mean squared error" : "Log-loss, nats";
  find("speed").textContent = shown(speed(points.length - 1), "count");
  find("figures").dataset.at = telemetry.at;
  find("figures").hidden = false;
  find("empty").hidden = true;
  showProgress();
  showScores();
  showKeys();
}

function showProgress() {
  if (job.planned) {
    const share = Math.min(1, telemetry.overall.predictions / job.planned);
    find("progress").hidden = false;
    document.querySelector("progress").value = share;
    find("done").textContent = `${Math.floor(100 * share)} % of ${shown(job.planned, "count")} events`;
  }
}

/** Events a second around a point, measured over the time before it; undefined if that is not known yet. */
function speed(index) {
  let first = index;
  while (first > 0 && points[index].at - points[first].at < SPEED_MILLIS) {
    first--;
  }
  const millis = index > 0 ? points[index].at - points[first].at : 0;
  return millis > 0 ? (points[index].events - points[first].events) * 1000 / millis : undefined;
}

const SCORES = [
  ["accuracy", "accuracy", "score"], ["balanced accuracy", "balancedAccuracy", "score"], ["macro-F1", "macroF1", "score"],
  ["kappa", "kappa", "score"], ["kappa-temporal", "kappaTemporal", "score"], ["kappa-M", "kappaM", "score"],
  ["log-loss, nats", "logLoss", "score"], ["Brier", "brier", "score"], ["ROC AUC", "rocAuc", "score"],
  ["calibration error", "calibrationError", "score"], ["MAE", "mae", "value"], ["RMSE", "rmse", "value"],
  ["R²", "r2", "score"], ["pinball loss", "pinball", "value"],
];
const BASELINES = [["no-change", "noChange"], ["majority class", "majorityClass"], ["mean", "mean"]];

/** The table, made anew: recent events, then all, each beside its baselines. */
function showScores() {
  const stretches = [["recent", telemetry.recent], ["overall.scores", telemetry.overall.scores]];
  const baselines = BASELINES.filter(([, key]) => telemetry.recent.baselines[key]);
  const groups = element("tr", {}, element("td"), ...stretches.map(([, scores], stretch) => element("th",
    { scope: "colgroup", colSpan: baselines.length + 1, className: "first" },
    `${stretch === 0 ? "last " : "all "}${shown(scores.events, "count")} events`)));
  const names = element("tr", {}, element("td"), ...stretches.flatMap(() => [
    element("th", { scope: "col", className: "number first" }, "models"),
    ...baselines.map(([name]) => element("th", { scope: "col", className: "number" }, name))]));
  const rows = SCORES.filter(([, key]) => telemetry.recent[key] !== undefined).map(([name, key, format]) =>
    element("tr", {}, element("th", { scope: "row" }, name), ...stretches.flatMap(([path, scores]) => [
      figure(scores[key], `${path}.${key}`, format, "number first learner"),
      ...baselines.map(([, naive]) => figure(scores.baselines[naive]?.[key], `${path}.baselines.${naive}.${key}`, format,
        "number"))])));
  find("scores").replaceChildren(element("thead", {}, groups, names), element("tbody", {}, ...rows));
}

const OF_KEYS = {
  classes: [
    ["events", "scores.events", "count"], ["missed at most", "missed", "count"], ["accuracy", "scores.accuracy", "score"],
    ["of late", "faded.accuracy", "score"], ["no-change", "scores.baselines.noChange.accuracy", "score"],
    ["majority class", "scores.baselines.majorityClass.accuracy", "score"],
    ["kappa-temporal", "scores.kappaTemporal", "score"], ["log-loss, nats", "scores.logLoss", "score"]],
  values: [
    ["events", "scores.events", "count"], ["missed at most", "missed", "count"], ["MAE", "scores.mae", "value"],
    ["of late", "faded.mae", "value"], ["no-change", "scores.baselines.noChange.mae", "value"],
    ["mean", "scores.baselines.mean.mae", "value"], ["RMSE", "scores.rmse", "value"], ["R²", "scores.r2", "score"]],
};

/** The busiest keys, made anew; one alone would only repeat the scores of all. */
function showKeys() {
  const columns = values ? OF_KEYS.values : OF_KEYS.classes;
  const keys = telemetry.keys ?? [];
  find("busiest").hidden = keys.length < 2;
  const names = element("tr", {}, element("th", { scope: "col" }, "key"),
    ...columns.map(([name]) => element("th", { scope: "col", className: "number" }, name)));
  const rows = keys.map((key, i) => element("tr", {}, element("th", { scope: "row" }, key.key),
    ...columns.map(([, path, format]) => figure(at(key, path), `keys.${i}.${path}`, format, "number"))));
  find("keys").replaceChildren(element("thead", {}, names), element("tbody", {}, ...rows));
}

function figure(value, path, format, className) {
  const cell = element("td", { className }, value === undefined ? "" : formats[format](value));
  if (value !== undefined) {
    Object.assign(cell.dataset, { figure: path, format });
  }
  return cell;
}

function element(tag, properties = {}, ...content) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content);
  return made;
}

// ---- records --------------------------------------------------------------------------------------------------------

function showRows(name, none, rows) {
  const table = find(name);
  table.tBodies[0].replaceChildren(...rows.map(cells => element("tr", {}, ...cells)));
  table.parentElement.hidden = rows.length === 0;
  find(none).hidden = rows.length > 0;
}

const text = value => value === undefined || value === null ? UNKNOWN : String(value);

function showPredictions(latest) {
  showRows("predictions", "no-predictions", [...latest].reverse().map(each => [
    element("td", {}, text(each.key)),
    element("td", {}, text(each.id)),
    element("td", {}, typeof each.prediction === "number" ? formats.value(each.prediction) : text(each.prediction)),
    element("td", { className: "number" }, shown(each.scores?.[each.prediction], "score")),
    element("td", { className: "number" }, shown(each.version, "count")),
    element("td", { className: "number" }, new Date(each.madeAt).toLocaleTimeString("en-GB"))]));
}

function showDeadLetters(latest) {
  showRows("dead-letters", "no-dead-letters", [...latest].reverse().map(each => [
    element("td", {}, text(each.reason)),
    element("td", {}, `${text(each.topic)}-${text(each.partition)}@${text(each.offset)}`),
    element("td", {}, text(each.value))]));
}

function showJob() {
  document.title = `${job.name} · Millrace`;
  find("name").textContent = job.name;
  find("spec").textContent = job.spec;
  find("drift-note").hidden = job.drifts.length === 0;
  find("no-predictions").textContent = job.predictions ? "None yet."
    : "The job writes no predictions; a predictions section in the job file names a topic for them.";
  find("no-dead-letters").textContent = job.deadLetters ? "None."
    : "The job only counts dead letters; a dead-letters section in the job file names a topic that keeps them, with reasons.";
}

// ---- charts ---------------------------------------------------------------------------------------------------------

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Shades known changes of the stream, and puts a tick on the axis for every alarm of a detector. */
const marks = {
  id: "marks",
  beforeDatasetsDraw(chart) {
    const { ctx, chartArea: area, scales: { x } } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.width, area.height);
    ctx.clip();
    ctx.fillStyle = colour("shade");
    for (const drift of job.drifts) {
      const left = x.getPixelForValue(drift.start);
      ctx.fillRect(left, area.top, Math.max(3, x.getPixelForValue(drift.end) - left), area.height);
    }
    ctx.strokeStyle = colour("drift");
    ctx.lineWidth = 1;
    for (let i = 1; i < points.length; i++) {
      if (points[i].drifts > points[i - 1].drifts) {
        const place = x.getPixelForValue(points[i].events);
        ctx.beginPath();
        ctx.moveTo(place, area.bottom);
        ctx.lineTo(place, area.bottom - 8);
        ctx.stroke();
      }
    }
    ctx.restore();
  },
  /** Names the changes above the axis, each higher where another is in its way, and keeps the curves off the letters. */
  afterDatasetsDraw(chart) {
    if (chart.canvas.id !== "score-chart") {
      return;
    }
    const { ctx, chartArea: area, scales: { x } } = chart;
    let free = area.left; // where no name stands yet
    let level = 0;
    ctx.save();
    Object.assign(ctx, {
      fillStyle: colour("drift"), strokeStyle: colour("back"), lineWidth: 4, lineJoin: "round", textBaseline: "bottom",
      font: `12px ${Chart.defaults.font.family}`,
    });
    for (const { name, start } of job.drifts) {
      const width = ctx.measureText(name).width;
      const left = Math.max(area.left + 4, Math.min(x.getPixelForValue(start) + 6, area.right - width - 4));
      level = left < free ? level + 1 : 0;
      ctx.strokeText(name, left, area.bottom - 10 - 16 * level);
      ctx.fillText(name, left, area.bottom - 10 - 16 * level);
      free = Math.max(free, left + width + 12);
    }
    ctx.restore();
  },
};

/** The curves of each chart: name, what it draws of the point at an index, and its look. */
const CURVES = {
  "score-chart": [
    ["models", i => points[i].score, "learner"],
    ["majority class", i => points[i].majority, "dashed"],
    ["no-change", i => points[i].noChange, "dotted"]],
  "loss-chart": [
    ["models", i => points[i].loss, "learner"],
    ["frequencies of the classes", i => values ? undefined : points[i].naiveLoss, "dashed"],
    ["mean", i => values ? points[i].naiveLoss : undefined, "dashed"]],
  "speed-chart": [["events a second", speed, "learner"]],
  "latency-chart": [
    ["median", i => points[i].p50, "learner"],
    ["slowest 1 %", i => points[i].p99, "dashed"]],
};
const DASHES = { learner: [], dashed: [7, 4], dotted: [2, 3] };
const charts = {};

function dataset([name, , look]) {
  return {
    label: name, data: [], borderDash: DASHES[look], pointRadius: 0, pointHitRadius: 8, spanGaps: true,
    borderWidth: look === "learner" ? 2 : 1.5, tension: 0, borderJoinStyle: "round",
  };
}

function makeChart(id) {
  const canvas = find(id);
  const logarithmic = id === "latency-chart";
  charts[id] = new Chart(canvas, {
    type: "line",
    data: { datasets: CURVES[id].map(dataset) },
    plugins: [marks],
    options: {
      animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false, axis: "x" },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          callbacks: { title: items => items.length ? `${shown(items[0].parsed.x, "count")} events` : "" },
        },
      },
      scales: {
        x: { type: "linear", ticks: { maxRotation: 0, maxTicksLimit: 8, callback: compact } },
        y: {
          type: logarithmic ? "logarithmic" : "linear", beginAtZero: id === "speed-chart",
          ticks: { maxTicksLimit: logarithmic ? 5 : 6, callback: compact, includeBounds: false },
        },
      },
    },
  });
  const legend = canvas.closest("figure").querySelector(".legend");
  legend.replaceChildren(...CURVES[id].map(([name, , look]) => key(name, look)));
  paint(charts[id], id);
}

function key(name, look) {
  const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  line.setAttribute("viewBox", "0 0 24 12");
  line.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M0 6h24");
  path.setAttribute("stroke-dasharray", DASHES[look].join(" "));
  line.append(path);
  return element("li", { className: look }, line, name);
}

const compact = figure => Math.abs(figure) >= 10_000
  ? new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 }).format(figure)
  : String(Number(figure.toPrecision(4)));

/** Gives a chart the colours of the day or of the night. */
function paint(chart, id) {
  CURVES[id].forEach(([, , look], i) => chart.data.datasets[i].borderColor = colour(look === "learner" ? "accent" : "naive"));
  for (const scale of Object.values(chart.options.scales)) {
    scale.grid = { color: colour("line"), tickColor: "transparent" };
    scale.border = { color: colour("line") };
    scale.ticks.color = colour("quiet");
  }
  chart.update("none");
}

function draw() {
  const last = points.length - 1;
  for (const [id, chart] of Object.entries(charts)) {
    CURVES[id].forEach(([, of], curve) => {
      chart.data.datasets[curve].data = points.map((point, i) => ({ x: point.events, y: of(i) }))
        .filter(point => point.y !== undefined);
    });
    const keys = find(id).closest("figure").querySelectorAll(".legend li");
    chart.data.datasets.forEach((each, curve) => keys[curve].hidden = each.data.length === 0);
    const { x, y } = chart.options.scales;
    x.max = job.planned ?? (last < 0 ? 1 : points[last].events);
    x.min = last < 0 || points[0].events < x.max / 10 ? 0 : points[0].events;
    if (id === "score-chart" || id === "loss-chart") {
      [y.min, y.max] = range(chart.data.datasets);
    }
    chart.update("none");
    find(id).setAttribute("aria-label", spoken(id, last));
    find(id).removeAttribute("aria-labelledby");
  }
}

/** What a scale of scores shows: all but the wild first scores, of which each counts but a few events. */
function range(datasets) {
  const skipped = Math.min(10, Math.floor(points.length / 10));
  const heights = datasets.flatMap(each => each.data.slice(skipped).map(point => point.y));
  const least = Math.min(...heights);
  const most = Math.max(...heights);
  const room = heights.length && most > least ? (most - least) / 12 : 0.1;
  return heights.length ? [Math.max(0, least - room), least >= 0 && most <= 1 ? Math.min(1, most + room) : most + room]
    : [0, 1];
}

/** A chart in words. */
function spoken(id, last) {
  const title = find(`${id}-title`).textContent;
  const latest = CURVES[id].map(([name, of]) => [name, last < 0 ? undefined : of(last)])
    .filter(([, figure]) => figure !== undefined)
    .map(([name, figure]) => `${name} ${compact(figure)}`);
  return `${title}, a curve over ${points.length} points. Latest: ${latest.join(", ") || "nothing yet"}.`;
}

// ---- news -----------------------------------------------------------------------------------------------------------

function listen() {
  const news = new EventSource("news");
  const on = (name, act) => news.addEventListener(name, message => act(JSON.parse(message.data)));
  news.onopen = () => enter(telemetry === null ? "waiting" : "learning");
  news.onerror = () => enter("lost");
  on("job", told => {
    job = told;
    showJob();
  });
  on("course", more => points = points.slice(0, more.from).concat(more.points));
  on("telemetry", told => {
    telemetry = told;
    lastNews = Date.now();
    enter("learning");
    showFigures();
    draw();
  });
  on("predictions", showPredictions);
  on("deadLetters", showDeadLetters);
  on("end", told => {
    news.close();
    enter("ended");
    find("ending").textContent = `${told.how} These are its last figures.`;
    find("ending").hidden = false;
  });
  setInterval(() => {
    if (find("state").dataset.state === "learning" && Date.now() - lastNews > QUIET_MILLIS) {
      enter("quiet");
    }
  }, 1000);
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 12;
Object.keys(CURVES).forEach(makeChart);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
  () => Object.entries(charts).forEach(([id, chart]) => paint(chart, id)));
listen();
