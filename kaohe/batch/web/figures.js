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
  // What somebody picked from the figure's menu stays picked when it is drawn anew.
  function picked(chart) {
    const menu = ((chart.place.layout || {}).updatemenus || [])[0];
    return menu && menu.active > 0 ? menu.active : 0;
  }
  function pick(figure, number) {
    const menu = (figure.layout.updatemenus || [])[0];
    if (!menu || !number) return;
    menu.active = number;
    const args = menu.buttons[number].args;
    for (const path in args[0]) {
      args[0][path].forEach(function (value, trace) { put(figure.data[trace], path, value); });
    }
    for (const path in args[1]) put(figure.layout, path, args[1][path]);
  }
  function plain(chart) {
    const figure = whole(JSON.parse(chart.source));
    if (figure.layout.template === "kaohe") figure.layout.template = JSON.parse(JSON.stringify(KAOHE.template));
    pick(figure, picked(chart));
    return figure;
  }
  // The figure as a picture to take along: by day, under its title, at a width of its own.
  function broken(text, most) {
    const lines = text.match(new RegExp("[^]{1," + most + "}", "g")) || [];
    return lines.map(function (line) { return line.replace(/&/g, "&amp;").replace(/</g, "&lt;"); });
  }
  function save(chart, caption, button) {
    const figure = plain(chart), menu = (figure.layout.updatemenus || [])[0];
    const part = function (name) { return ((caption.querySelector(name) || {}).textContent || "").trim(); };
    const title = part("strong") + (menu ? "：" + menu.buttons[picked(chart)].label : "");
    const head = broken(title, 56), under = broken(part("span"), 72), above = 20 + 21 * (head.length + under.length);
    figure.layout.title = {
      text: ["<b>" + head.join("<br>") + "</b>"].concat(under.map(function (line) {
        return "<span style='font-size:12.5px'>" + line + "</span>";
      })).join("<br>"),
      y: 1, yref: "container", yanchor: "top", pad: {t: 24, l: 4}
    };
    put(figure.layout, "margin.t", ((figure.layout.margin || {}).t || 0) + above);
    figure.layout.height += above;
    if (menu) menu.visible = false;
    button.disabled = true;
    Plotly.toImage(figure, {format: "png", width: 1000, height: figure.layout.height, scale: 2}).then(function (png) {
      const link = document.createElement("a");
      link.href = png;
      link.download = title.replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 60) + ".png";
      link.click();
    }).catch(function (error) { console.warn("figure not saved", error); }).then(function () { button.disabled = false; });
  }
  charts.forEach(function (chart) {
    const caption = chart.place.parentNode.querySelector("figcaption");
    if (!caption) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "save";
    button.textContent = "存为图片";
    button.title = "把这张图连同标题存成 PNG 图片";
    button.addEventListener("click", function () { save(chart, caption, button); });
    caption.append(button);
  });
  function made(chart) {
    const figure = plain(chart);
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
      const config = Object.assign({responsive: true, displaylogo: false}, figure.config, {displayModeBar: false});
      chart.place.style.height = figure.layout.height + "px";
      Plotly.react(chart.place, figure.data, figure.layout, config).catch(function (error) { fail(chart, error); });
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
