// Draws the dashboard's charts. Without it, the same numbers stand in the table below.
(() => {
  const source = document.getElementById("chart-data");
  if (!source || !window.Chart) return;
  const { days, titles, charts } = JSON.parse(source.textContent);
  const dashboard = document.querySelector(".dashboard");
  const language = document.documentElement.lang || undefined;
  const numbers = (options) => new Intl.NumberFormat(language, options).format;

  const dollars = (options) => numbers({ style: "currency", currency: "USD", ...options });

  // How each unit is written: on the scale, and in full.
  const short = { notation: "compact", maximumFractionDigits: 1 };
  const units = {
    count: [numbers(short), numbers({})],
    dollars: [
      (value) => (value && value < 0.1 ? dollars({ maximumSignificantDigits: 2 }) : value < 10 ? dollars() : dollars(short))(value),
      dollars({ minimumFractionDigits: 2, maximumFractionDigits: 4 }),
    ],
    share: [
      numbers({ style: "percent", maximumFractionDigits: 1 }),
      numbers({ style: "percent", maximumFractionDigits: 1 }),
    ],
    seconds: [
      (value) => `${numbers({ maximumFractionDigits: 1 })(value)} s`,
      (value) => `${numbers({ maximumFractionDigits: 2 })(value)} s`,
    ],
  };

  // The stylesheet has the colours, of both themes.
  const colours = () => {
    const style = getComputedStyle(dashboard);
    const value = (name) => style.getPropertyValue(name);
    return { series: [value("--first"), value("--second")], hair: value("--hair"), quiet: value("--quiet") };
  };

  const dataset = ({ kind }, { name, values }) => ({
    label: name,
    data: values,
    borderWidth: kind === "line" ? 2 : 0,
    borderRadius: days.length > 100 ? 0 : 2,
    categoryPercentage: 0.9,
    barPercentage: 0.9,
    maxBarThickness: 28,
    // A line needs two points; few days show theirs.
    pointRadius: days.length > 31 ? 0 : 2,
    pointHitRadius: 12,
    spanGaps: true,
    tension: 0,
  });

  const options = ({ kind, unit }) => {
    const [onScale, inFull] = units[unit];
    const stacked = kind === "bar";
    return {
      // Numbers are there to be read, not to arrive.
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      layout: { padding: { top: 6 } },
      scales: {
        x: {
          stacked,
          grid: { display: false },
          border: { display: false },
          ticks: { maxRotation: 0, autoSkipPadding: 24 },
        },
        y: {
          stacked,
          beginAtZero: true,
          border: { display: false },
          ticks: { maxTicksLimit: 4, precision: unit === "count" ? 0 : undefined, callback: onScale, padding: 6 },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            title: ([item]) => titles[item.dataIndex],
            label: ({ dataset: { label }, parsed: { y } }) => (y === null ? null : ` ${label}: ${inFull(y)}`),
          },
        },
      },
    };
  };

  const paint = (chart) => {
    const { series, hair, quiet } = colours();
    chart.data.datasets.forEach((each, index) => {
      const colour = series[index];
      Object.assign(each, {
        backgroundColor: colour,
        borderColor: colour,
        pointBackgroundColor: colour,
        pointBorderColor: colour,
        hoverBackgroundColor: colour,
      });
    });
    const { x, y } = chart.options.scales;
    x.ticks.color = quiet;
    y.ticks.color = quiet;
    y.grid = { color: hair };
  };

  const draw = (described) => {
    const canvas = dashboard.querySelector(`[data-chart="${described.key}"]`);
    return new Chart(canvas, {
      type: described.kind,
      data: { labels: days, datasets: described.series.map((series) => dataset(described, series)) },
      options: options(described),
      plugins: [{ id: "theme", beforeInit: paint }],
    });
  };

  dashboard.querySelector(".dashboard-charts").hidden = false;
  if (location.hash !== "#by-day") dashboard.querySelector(".dashboard-days").open = false;
  Chart.defaults.font.family = getComputedStyle(dashboard).fontFamily;
  const drawnCharts = charts.map(draw);

  const repaint = () =>
    drawnCharts.forEach((chart) => {
      paint(chart);
      chart.update("none");
    });
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
})();
