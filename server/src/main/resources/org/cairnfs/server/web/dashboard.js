"use strict";

// Asks data.json every few seconds and shows it. All that comes from the server is put into text nodes and attributes of SVG
// elements that are made here, never into markup.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const PERIOD = 5000;
  const $ = (id) => document.getElementById(id);

  // ---- amounts for people

  const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

  function bytes(amount) {
    let power = 0;
    while (amount >= 1024 && power < UNITS.length - 1) {
      amount /= 1024;
      power++;
    }
    const digits = power === 0 || Number.isInteger(amount) ? 0 : amount < 10 ? 2 : amount < 100 ? 1 : 0;
    return amount.toFixed(digits) + " " + UNITS[power];
  }

  function number(amount) {
    return amount.toLocaleString("en", { maximumFractionDigits: amount > 0 && amount < 10 ? 1 : 0 });
  }

  function micros(amount) {
    if (amount === 0) return "0";
    if (amount < 1000) return Math.round(amount) + " µs";
    if (amount < 1e6) return (amount / 1000).toFixed(amount < 1e4 ? 1 : 0) + " ms";
    return (amount / 1e6).toFixed(1) + " s";
  }

  function span(millis) {
    const seconds = Math.max(0, millis / 1000);
    if (seconds < 120) return Math.round(seconds) + " s";
    if (seconds < 7200) return Math.round(seconds / 60) + " min";
    if (seconds < 172800) return Math.round(seconds / 3600) + " h";
    return Math.round(seconds / 86400) + " days";
  }

  function count(amount, what) {
    return number(amount) + " " + what + (amount === 1 ? "" : "s");
  }

  // ---- elements

  function element(name, attributes, ...children) {
    const made = name.startsWith("svg:")
      ? document.createElementNS(SVG, name.slice(4))
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function text(id, value) {
    const at = $(id);
    if (at.textContent !== value) at.textContent = value;
  }

  // ---- charts: some lines over the same time, in inline SVG

  const HEIGHT = 150;
  const LEFT = 58;
  const RIGHT = 6;
  const TOP = 8;
  const BOTTOM = 18;

  /** The next amount upwards that is easy to read: 1, 2 or 5 times a power of the base. */
  function ceiling(amount, base) {
    if (amount <= 0) return 1;
    const power = Math.pow(base, Math.floor(Math.log(amount) / Math.log(base)));
    const steps = base === 1024 ? [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] : [1, 2, 5, 10];
    return power * steps.find((step) => step * power >= amount * 0.999);
  }

  function chart(id, series, format, base) {
    const plot = $(id);
    const legend = element("ul", { class: "legend" });
    plot.after(legend);
    let samples = [];
    let pointer = null;

    function draw() {
      const width = plot.clientWidth || 300;
      const svg = element("svg:svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" });
      const end = samples.length ? samples[samples.length - 1].at : 0;
      const begin = samples.length ? Math.min(samples[0].at, end - 60000) : end - 60000;
      const x = (at) => LEFT + ((width - LEFT - RIGHT) * (at - begin)) / (end - begin);
      const top = ceiling(Math.max(0, ...samples.flatMap((s) => series.map((one) => s[one.key]))), base);
      const y = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top;
      for (const part of [0, 0.5, 1]) {
        const at = Math.round(y(top * part)) + 0.5;
        svg.append(
          element("svg:line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: at, y2: at }),
          element("svg:text", { class: "axis", x: LEFT - 6, y: at + 4, "text-anchor": "end" }, format(top * part)));
      }
      svg.append(
        element("svg:text", { class: "axis", x: LEFT, y: HEIGHT - 3 }, span(end - begin) + " ago"),
        element("svg:text", { class: "axis", x: width - RIGHT, y: HEIGHT - 3, "text-anchor": "end" }, "now"));
      series.forEach((one, index) => {
        if (samples.length < 2) return;
        const points = samples.map((s) => x(s.at).toFixed(1) + "," + y(s[one.key]).toFixed(1));
        const line = "M" + points.join("L");
        const floor = y(0).toFixed(1);
        svg.append(
          element("svg:path", { class: "area s" + index, d: `${line}L${x(end).toFixed(1)},${floor}L${x(samples[0].at).toFixed(1)},${floor}Z` }),
          element("svg:path", { class: "stroke s" + index, d: line }));
      });
      let shown = samples[samples.length - 1];
      if (pointer !== null && samples.length) {
        const wanted = begin + ((pointer - LEFT) * (end - begin)) / (width - LEFT - RIGHT);
        shown = samples.reduce((best, s) => (Math.abs(s.at - wanted) < Math.abs(best.at - wanted) ? s : best));
        svg.append(element("svg:line", { class: "cursor", x1: x(shown.at), x2: x(shown.at), y1: TOP, y2: HEIGHT - BOTTOM }));
        series.forEach((one, index) => svg.append(
          element("svg:circle", { class: "dot s" + index, r: 3, cx: x(shown.at), cy: y(shown[one.key]) })));
      }
      svg.setAttribute("aria-label", series.map((one) => one.name + " " + (shown ? format(shown[one.key]) : "")).join(", "));
      plot.replaceChildren(svg);
      legend.replaceChildren(...series.map((one, index) => element("li", {},
        element("svg:svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, element("svg:circle", { class: "dot s" + index, cx: 5, cy: 5, r: 4.5 })),
        one.name + " ", element("b", {}, shown ? format(shown[one.key]) : "–"))));
    }

    plot.addEventListener("pointermove", (event) => {
      pointer = event.clientX - plot.getBoundingClientRect().left;
      draw();
    });
    plot.addEventListener("pointerleave", () => {
      pointer = null;
      draw();
    });
    window.addEventListener("resize", draw);
    return (newest) => {
      samples = newest;
      draw();
    };
  }

  const charts = [
    chart("chart-operations", [
      { key: "reads", name: "reads" }, { key: "writes", name: "writes" }, { key: "others", name: "others" }], number, 10),
    chart("chart-latency", [{ key: "meanMicros", name: "mean" }, { key: "p99Micros", name: "99 % under" }], micros, 10),
    chart("chart-traffic", [{ key: "sent", name: "to clients" }, { key: "received", name: "from clients" }], bytes, 1024),
    chart("chart-store", [{ key: "down", name: "down" }, { key: "up", name: "up" }], bytes, 1024),
    chart("chart-backlog", [{ key: "dirty", name: "to be stored" }], bytes, 1024),
  ];

  // ---- the parts of the page

  function head(data) {
    const volume = data.volume;
    text("label", volume.label || "Cairn");
    document.title = (volume.label || "Cairn") + " – Cairn";
    text("about", [volume.storage + " storage", volume.encrypted ? "encrypted" : "NOT encrypted", volume.compression,
      "stable means " + volume.durability, "up " + span(data.at - data.startedAt)].join(" · "));
    const names = { SERVING: "serving", STORE_UNREACHABLE: "storage cannot be reached", STOPPING: "stopping", FAILED: "failed" };
    state(volume.shortage ? "changes wait" : names[volume.state] || volume.state, volume.state === "SERVING" && !volume.shortage);
    text("footer", "Cairn " + data.version + " · figures of this machine only · refreshed every " + PERIOD / 1000 + " s");
  }

  function state(what, good) {
    text("state", what);
    $("state").className = "pill " + (good ? "good" : "bad");
  }

  function saved(of) {
    if (!of) return;
    const most = Math.max(1, of.totalBytes, of.storedBytes);
    const bar = (id, amount) => {
      $("bar-" + id).style.width = (64 * amount) / most + "%";
      text("bytes-" + id, bytes(amount));
    };
    bar("total", of.totalBytes);
    bar("unique", of.uniqueBytes);
    bar("compressed", of.compressedBytes);
    bar("stored", of.storedBytes);
    const ratio = of.compressedBytes > 0 ? of.totalBytes / of.compressedBytes : 1;
    text("saved-ratio", of.totalBytes === 0 ? "–" : ratio.toFixed(ratio < 10 ? 2 : 1) + "×");
    text("saved-text", of.totalBytes === 0 ? "there are no files yet" : ratio >= 1
      ? "smaller: " + bytes(Math.max(0, of.totalBytes - of.compressedBytes)) + " need no room"
      : "as large: these files do not compress");
    text("counts", [count(of.inodes, "inode"), count(of.chunks, "chunk"), count(of.packs, "pack")].join(" · "));
  }

  function gauges(data) {
    const cache = data.volume.cache;
    const last = data.samples[data.samples.length - 1];
    const hits = last && last.cacheHits >= 0 ? ", " + Math.round(100 * last.cacheHits) + " % of reads hit it" : "";
    const all = [
      ["Memory cache" + hits, cache.heapBytes, cache.heapBound, false],
      ["Disk cache", cache.diskBytes, cache.diskBound, false],
      ["Journal", data.volume.journal.bytes, data.volume.journal.bound, true],
      ["To be stored", data.volume.dirty.bytes, data.volume.dirty.bound, true],
    ];
    $("gauges").replaceChildren(...all.filter((one) => one[2] > 0).map(([name, used, bound, warn]) => {
      const part = Math.min(1, used / bound);
      const fill = element("i", warn && part > 0.9 ? { class: "full" } : warn && part > 0.7 ? { class: "high" } : {});
      fill.style.width = 100 * part + "%";
      return element("li", {},
        element("span", {}, element("b", {}, name), bytes(used) + " of " + bytes(bound)),
        element("div", { class: "track" }, fill));
    }));
  }

  function kept(data) {
    const of = data.kept;
    const behind = data.volume.behindMillis;
    const facts = [
      ["The storage", behind === 0 ? "has everything" : "is " + span(behind) + " behind", behind > 120000],
      ["Snapshots", of.snapshots === 0 ? "none" : number(of.snapshots) + ", the newest " + span(data.at - of.newestSnapshot) + " ago"],
      ["Next snapshot", of.nextSnapshot === 0 ? "no schedule" : "in " + span(of.nextSnapshot - data.at)],
      ["Immutable trees", number(of.locks)],
      ["Quotas nearly used up", number(of.tightQuotas), of.tightQuotas > 0],
      ["Garbage collected", of.garbageAt === 0 ? "not since the start" : span(data.at - of.garbageAt) + " ago"],
      ["Kept to be restored", bytes(of.waitingBytes) + ", " + count(of.restorePoints, "point")],
    ];
    const scrub = of.scrub;
    facts.push(["Data read back", scrub.begunAt === 0 ? "not yet"
      : scrub.endedAt < scrub.begunAt ? Math.floor((100 * scrub.checked) / Math.max(1, scrub.chunks)) + " % so far"
      : span(data.at - scrub.endedAt) + " ago"]);
    if (scrub.damaged > 0) facts.push(["Damaged pieces", number(scrub.damaged) + ", " + number(scrub.repaired) + " mended", true]);
    if (data.volume.error) facts.push(["Last error", data.volume.error, true]);
    $("kept").replaceChildren(...facts.flatMap(([name, value, bad]) => [
      element("dt", {}, name), element("dd", bad ? { class: "bad" } : {}, value)]));
  }

  function table(id, rows, nothing) {
    const columns = $(id).parentElement.tHead.rows[0].cells.length;
    $(id).replaceChildren(...(rows.length === 0
      ? [element("tr", {}, element("td", { class: "none", colspan: columns }, nothing))]
      : rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))))));
  }

  function tables(data) {
    table("operations", data.operations.slice(0, 7).map((one) => [
      one.name.toLowerCase(), number(one.perSecond), number(one.errorsPerSecond), micros(one.meanMicros), micros(one.p99Micros)]),
      "nothing is going on");
    table("clients", data.clients.map((one) => [
      one.name, one.protocol, number(one.opens), number(one.locks), number(one.delegations)]), "no client");
  }

  // ---- again and again

  async function refresh() {
    try {
      const answer = await fetch("data.json", { cache: "no-store" });
      if (!answer.ok) throw new Error("status " + answer.status);
      const data = await answer.json();
      head(data);
      saved(data.saved);
      charts.forEach((show) => show(data.samples));
      gauges(data);
      kept(data);
      tables(data);
      document.documentElement.classList.remove("stale");
      document.documentElement.dataset.ready = "true";
    } catch (failure) {
      state("the server does not answer", false);
      document.documentElement.classList.add("stale");
    }
    setTimeout(refresh, PERIOD);
  }

  refresh();
})();
