// A map is moved by dragging it or by the arrow keys, and drawn larger by its buttons, by + and −, or by Ctrl and the wheel.
(() => {
  const tools = document.querySelector("#map-tools");
  for (const view of document.querySelectorAll(".view")) {
    const map = view.querySelector("svg");
    const { width, height } = map.viewBox.baseVal;
    const scale = map.querySelector(".scale");
    let [x, y, zoom] = [0, 0, 1];

    const draw = () => {
      map.setAttribute("viewBox", `${x} ${y} ${width / zoom} ${height / zoom}`);
      map.style.setProperty("--zoom", 1 / zoom);
      if (!scale) return;
      const metres = scale.dataset.metres / zoom;
      scale.setAttribute("transform", `translate(${x} ${y}) scale(${1 / zoom})`);
      scale.querySelector("text").textContent =
        metres >= 1 ? `${+metres.toPrecision(2)} m` : metres >= 0.01 ? `${+(metres * 100).toPrecision(2)} cm` : `${+(metres * 1000).toPrecision(2)} mm`;
    };
    const move = (right, down) => {
      x += right / zoom;
      y += down / zoom;
      draw();
    };
    const nearer = (factor) => {
      const next = Math.min(Math.max(zoom * factor, 0.5), 4096);
      x += (width / zoom - width / next) / 2;
      y += (height / zoom - height / next) / 2;
      zoom = next;
      draw();
    };
    const whole = () => {
      [x, y, zoom] = [0, 0, 1];
      draw();
    };

    const keys = {
      ArrowLeft: () => move(-width / 8, 0),
      ArrowRight: () => move(width / 8, 0),
      ArrowUp: () => move(0, -height / 8),
      ArrowDown: () => move(0, height / 8),
      "+": () => nearer(2),
      "=": () => nearer(2),
      "-": () => nearer(0.5),
      0: whole,
    };
    view.append(tools.content.cloneNode(true));
    for (const button of view.querySelectorAll("button")) button.addEventListener("click", keys[button.dataset.key]);
    view.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    map.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      nearer(event.deltaY < 0 ? 1.25 : 0.8);
    }, { passive: false });
    map.addEventListener("pointerdown", (event) => map.setPointerCapture(event.pointerId));
    map.addEventListener("pointermove", (event) => {
      if (!map.hasPointerCapture(event.pointerId)) return;
      const shown = width / map.clientWidth;
      move(-event.movementX * shown, -event.movementY * shown);
    });
  }
})();
