// Draws the page's figures when they come near; for a phone, for the dark, and for paper anew.
(function () {
  const phone = matchMedia("(max-width: 639px)");
  const charts = Array.from(document.querySelectorAll("script[data-chart]")).map(function (source) {
    return {place: document.getElementById(source.dataset.chart), source: source.textContent, drawn: false};
  });
  if (!charts.length) return;
  let paper = false;

  function put(target, path, value) {
    const names = path.split(".");
    const last = names.pop();
    for (const name of names) target = target[name] = target[name] || {};
    target[last] = value;
  }
  function slim(figure) {
    const layout = figure.layout, margin = layout.margin || (layout.margin = {});
    margin.l = Math.min(margin.l === undefined ? 8 : margin.l, 8);
    margin.r = Math.min(margin.r === undefined ? 12 : margin.r, 28);
    put(layout, "font.size", 12);
    const narrow = figure.narrow || {};
    for (const path in narrow.layout) put(layout, path, narrow.layout[path]);
    for (const number in narrow.traces) {
      for (const path in narrow.traces[number]) put(figure.data[number], path, narrow.traces[number][path]);
    }
  }
  // Whole colours and the colours inside a text's style; nothing a reader could have written.
  function night(value) {
    if (typeof value === "string") {
      if (KAOHE.night[value]) return KAOHE.night[value];
      return value.replace(/(color:\s*)(#[0-9a-f]{6})/g, function (whole, before, colour) {
        return before + (KAOHE.night[colour] || colour);
      });
    }
    if (Array.isArray(value)) return value.map(night);
    if (value && typeof value === "object") {
      for (const name in value) value[name] = night(value[name]);
    }
    return value;
  }
  // A text that returns is written once.
  function whole(figure) {
    const texts = figure.texts || [];
    const told = function (value) {
      if (typeof value === "string" && value[0] === "␟") return texts[+value.slice(1)];
      if (value && typeof value === "object") for (const name in value) value[name] = told(value[name]);
      return value;
    };
    figure.data = told(figure.data);
    return figure;
  }
  function made(chart) {
    const figure = whole(JSON.parse(chart.source));
    if (figure.layout.template === "kaohe") figure.layout.template = JSON.parse(JSON.stringify(KAOHE.template));
    if (paper) {
      figure.layout.width = KAOHE.paper.width;
      figure.layout.height = Math.min(figure.layout.height, KAOHE.paper.height);
      return figure;
    }
    if (phone.matches) slim(figure);
    if (document.documentElement.dataset.theme === "dark") {
      figure.data = night(figure.data);
      figure.layout = night(figure.layout);
    }
    return figure;
  }
  function fail(chart, error) {
    chart.place.className = "chart undrawn";
    chart.place.textContent = "图未能画出。" + (chart.place.getAttribute("aria-label") || "");
    console.warn("figure not drawn", error);
  }
  function draw(chart) {
    chart.drawn = true;
    try {
      const figure = made(chart);
      const config = Object.assign({responsive: true, displaylogo: false, displayModeBar: false}, figure.config);
      const menu = (figure.layout.updatemenus || [])[0], before = (chart.place.layout || {}).updatemenus;
      const picked = menu && before && before[0].active > 0 ? before[0].active : 0;
      if (picked) menu.active = picked;
      chart.place.style.height = figure.layout.height + "px";
      Plotly.react(chart.place, figure.data, figure.layout, config).then(function () {
        if (picked) return Plotly.update.apply(Plotly, [chart.place].concat(menu.buttons[picked].args));
      }).catch(function (error) { fail(chart, error); });
    } catch (error) {
      fail(chart, error);
    }
  }
  function again() { charts.filter(function (chart) { return chart.drawn; }).forEach(draw); }

  function start() {
    phone.addEventListener("change", again);
    addEventListener("kaohe-theme", again);
    addEventListener("beforeprint", function () { paper = true; charts.forEach(draw); });
    addEventListener("afterprint", function () { paper = false; charts.forEach(draw); });
    if (!window.IntersectionObserver) return charts.forEach(draw);
    const near = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        near.unobserve(entry.target);
        const chart = charts.find(function (each) { return each.place === entry.target; });
        if (!chart.drawn) draw(chart);
      });
    }, {rootMargin: "400px 0px"});
    charts.forEach(function (chart) { near.observe(chart.place); });
  }
  (window.kaohePlotly || Promise.resolve()).then(start, function (error) {
    charts.forEach(function (chart) { fail(chart, error); });
  });
})();
