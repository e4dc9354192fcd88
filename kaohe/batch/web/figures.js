// Draws the page's figures when they come near; for a phone, for the dark, and for paper anew.
(function () {
  const phone = matchMedia("(max-width: 639px)");
  let charts = [], paper = false;

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
    if (narrow.turned) turn(figure);
    for (const path in narrow.layout) put(layout, path, narrow.layout[path]);
    for (const number in narrow.traces) {
      for (const path in narrow.traces[number]) put(figure.data[number], path, narrow.traces[number][path]);
    }
  }
  // A grid's columns are too many for a hand: headings go down, units across; numbers stay in the cells.
  const CELL = 18, ROOMY = 25;
  function turn(figure) {
    const grid = figure.data[0], layout = figure.layout, across = layout.yaxis, down = layout.xaxis;
    const turned = function (rows) { return rows[0].map(function (_, place) { return rows.map(function (row) { return row[place]; }); }); };
    ["z", "text", "hovertext"].forEach(function (name) { grid[name] = turned(grid[name]); });
    [grid.x, grid.y] = [grid.y, grid.x];
    grid.textfont = {size: 9};
    const most = function (texts, count) {
      return texts.map(function (text) { return text.length > count ? text.slice(0, count - 1) + "…" : text; });
    };
    layout.xaxis = {side: "top", tickmode: "array", tickvals: across.tickvals, ticktext: most(across.ticktext, 9), tickangle: -90,
      range: [-0.5, across.tickvals.length - 0.5], showgrid: false, fixedrange: true, ticks: "", tickfont: {size: 11}, ticklabeloverflow: "allow"};
    layout.yaxis = {tickmode: "array", tickvals: down.tickvals, ticktext: most(down.ticktext, 8),
      range: [down.tickvals.length - 0.5, -0.5], showgrid: false, fixedrange: true, ticks: "", tickfont: {size: 11}, automargin: true};
    layout.shapes = (layout.shapes || []).map(function (line) {
      return Object.assign({}, line, {x0: 0, x1: 1, xref: "paper", y0: line.x0, y1: line.x1, yref: "y"});
    });
    layout.annotations = [];
    delete figure.narrow.layout["yaxis.ticktext"];
    layout.margin = {l: 8, r: 8, t: 112, b: 12};
    layout.height = 124 + 25 * down.tickvals.length;
    const room = innerWidth - 32, count = across.tickvals.length;
    const labels = 16 + 11 * Math.max.apply(null, layout.yaxis.ticktext.map(function (text) { return text.length; }));
    if (labels + CELL * count > room) layout.width = labels + ROOMY * count;  // then it scrolls sideways in its place
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
  // The figures behind the drawing, as text that a spreadsheet takes into cells.
  function behind(chart) {
    let next = chart.place.closest(".kh-figure");
    while (next && !next.nextElementSibling) next = next.parentElement;  // an output has a frame of its own
    next = next && next.nextElementSibling;
    const folded = next && (next.matches(".kh-behind") ? next : next.querySelector(".kh-behind"));
    if (!folded) return null;
    return folded.dataset.table ? document.getElementById(folded.dataset.table) : folded.querySelector("table");
  }
  function copied(table) {
    return Array.from(table.rows).map(function (row) {
      return Array.from(row.cells).map(function (cell) {
        return kaoheCell(cell) + "\t".repeat(cell.colSpan - 1);
      }).join("\t");
    }).join("\n") + "\n";
  }
  function clipboard(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");  // a page opened over plain http
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(Error("refused"));
  }
  function copy(chart, button) {
    clipboard(copied(behind(chart))).then(function () { button.textContent = "已复制"; }, function () {
      button.textContent = "未能复制";
    }).then(function () { setTimeout(function () { button.textContent = "复制数据"; }, 2000); });
  }
  function offer(caption, words, title, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "save";
    button.textContent = words;
    button.title = title;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () { act(button); });
    caption.append(button);
  }
  function offers(chart) {
    const caption = chart.place.parentNode.querySelector("figcaption");
    if (!caption || chart.source.startsWith('{"data":[],')) return;  // only words, nothing is drawn
    offer(caption, "存为图片", "把这张图连同标题存成 PNG 图片", function (button) { save(chart, caption, button); });
    if (!behind(chart)) return;
    offer(caption, "复制数据", "复制这张图背后的数据，可贴到 Excel 或 WPS 表格", function (button) { copy(chart, button); });
  }
  // A click on a legend, or on a part's name over the bars, shows what belongs to it; nothing is taken out, so no bar
  // changes its length.
  function highlight(chart, number) {
    const same = chart.lit === number, places = [], seen = [];
    chart.lit = same ? null : number;
    chart.place.data.forEach(function (trace, place) {
      if (!trace.name || trace.mode === "text") return;
      places.push(place);
      seen.push(same || place === number ? 1 : 0.2);
    });
    Plotly.restyle(chart.place, {opacity: seen}, places);
  }
  // The rows' names lead to the units' pages. (plotly makes no link of a text on a page that was opened as a file.)
  const SVG = "http://www.w3.org/2000/svg";
  function lead(chart) {
    const labels = chart.place.querySelectorAll(chart.turned ? ".xtick text" : ".ytick text");
    chart.links.forEach(function (href, row) {
      const label = labels[row];
      if (!label || !href) return;
      if (label.parentNode.localName === "a") {  // on paper it leads nowhere
        if (paper) label.parentNode.removeAttribute("href");
        else label.parentNode.setAttribute("href", href);
        return;
      }
      if (paper) return;
      const link = document.createElementNS(SVG, "a");
      link.setAttribute("href", href);
      label.style.pointerEvents = "all";
      label.replaceWith(link);
      link.append(label);
    });
  }
  function listen(chart) {
    if (chart.heard) return;
    chart.heard = true;
    chart.place.on("plotly_afterplot", function () { lead(chart); });
    lead(chart);
    chart.place.on("plotly_legendclick", function (event) { highlight(chart, event.curveNumber); return false; });
    chart.place.on("plotly_legenddoubleclick", function () { return false; });
    chart.place.on("plotly_clickannotation", function (event) {
      highlight(chart, chart.place.data.findIndex(function (trace) { return trace.name === event.annotation.name; }));
    });
  }
  function made(chart) {
    const figure = plain(chart);
    if (paper) {
      const margin = figure.layout.margin || {}, around = (margin.t || 0) + (margin.b === undefined ? 56 : margin.b);
      const rows = figure.layout.height - around, row = (figure.narrow || {}).onPaper || KAOHE.paper.row;
      const lower = Math.max(rows * row, Math.min(rows, KAOHE.paper.least));
      put(figure.layout, "uniformtext", {minsize: 8, mode: "hide"});
      figure.layout.width = KAOHE.paper.width;
      figure.layout.height = Math.min(around + lower, KAOHE.paper.height);
      return figure;
    }
    if (phone.matches) slim(figure);
    const times = larger();
    if (times !== 1) ["data", "layout"].forEach(function (part) { figure[part] = grown(figure[part], times, part); });
    if (document.documentElement.dataset.theme === "dark") {
      figure.data = night(figure.data);
      figure.layout = night(figure.layout);
    }
    return figure;
  }
  function larger() { return paper ? 1 : parseFloat(getComputedStyle(document.documentElement).fontSize) / 16; }
  // In the size of the text: what is counted in pixels grows as letters have.
  const PIXELS = ["size", "standoff", "ticklabelstandoff", "xshift", "yshift", "ax", "ay", "minsize", "height"];
  const AROUND = ["margin", "pad"];
  function grown(value, times, of) {
    if (typeof value === "string") {
      return value.replace(/(font-size:)([\d.]+)px/g, function (whole, name, size) { return name + size * times + "px"; });
    }
    if (Array.isArray(value)) return value.map(function (each) { return grown(each, times, of); });
    if (!value || typeof value !== "object") return value;
    const pixels = value.xsizemode === "pixel" ? ["x0", "x1"] : [];
    for (const name in value) {
      const each = value[name];
      const counts = PIXELS.includes(name) || AROUND.includes(of) || pixels.includes(name) || (of === "line" && name === "width");
      if (counts && typeof each === "number") value[name] = name === "ticklabelstandoff" ? Math.round(each * times) : each * times;  // plotly wants that one whole
      else if (counts && Array.isArray(each) && typeof each[0] === "number") value[name] = each.map(function (one) { return one * times; });
      else value[name] = grown(each, times, name);
    }
    return value;
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
      chart.links = figure.links || [];
      chart.turned = !paper && phone.matches && (figure.narrow || {}).turned;
      chart.place.style.overflowX = figure.layout.width && !paper ? "auto" : "";
      chart.place.style.height = figure.layout.height + "px";
      chart.lit = null;
      if (chart.times && chart.times !== larger()) {  // its place has another width: measured anew
        Plotly.purge(chart.place);
        chart.heard = false;
      }
      chart.times = larger();
      Plotly.react(chart.place, figure.data, figure.layout, Object.assign({}, KAOHE.config)).then(function () { listen(chart); }).catch(function (error) {
        fail(chart, error);
      });
    } catch (error) {
      fail(chart, error);
    }
  }
  function again() { charts.filter(function (chart) { return chart.drawn; }).forEach(draw); }

  function start() {
    charts = Array.from(document.querySelectorAll("script[data-chart]")).map(function (source) {
      return {place: document.getElementById(source.dataset.chart), source: source.textContent, drawn: false};
    });
    charts.forEach(offers);
    if (window.Plotly) Plotly.register(KAOHE.locale);  // where it is missing, each chart says so
    phone.addEventListener("change", again);
    addEventListener("kaohe-theme", again);
    addEventListener("beforeprint", function () { paper = true; charts.forEach(draw); });
    addEventListener("afterprint", function () { paper = false; charts.forEach(draw); });
    if (!window.IntersectionObserver) return charts.forEach(draw);
    // What is on the screen first, each seen before the next is drawn.
    const waiting = [];
    function next() {
      const seen = waiting.findIndex(function (chart) {
        const box = chart.place.getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight;
      });
      const chart = waiting.splice(Math.max(seen, 0), 1)[0];
      if (!chart.drawn) draw(chart);
      if (waiting.length) requestAnimationFrame(function () { setTimeout(next); });
    }
    const near = new IntersectionObserver(function (entries) {
      const idle = !waiting.length;
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        near.unobserve(entry.target);
        waiting.push(charts.find(function (each) { return each.place === entry.target; }));
      });
      if (idle && waiting.length) next();
    }, {rootMargin: "400px 0px"});
    charts.forEach(function (chart) { near.observe(chart.place); });
  }
  kaoheUnpacked.then(start, function (error) {
    document.querySelectorAll(".chart").forEach(function (place) { fail({place: place}, error); });
  });
})();
