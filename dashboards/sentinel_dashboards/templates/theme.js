try {
  const chosen = localStorage.getItem("mood-sentinel-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch { /* storage may be closed to local files */ }
