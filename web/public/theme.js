// Runs before the first paint so that a chosen theme never flashes; a file of its own keeps the page free of inline scripts.
;(() => {
  let choice = 'system'
  let density = ''
  try {
    choice = localStorage.getItem('modelhub.theme') ?? 'system'
    density = localStorage.getItem('modelhub.density') ?? ''
  } catch {
    // Storage can be switched off; the system's preference is the answer then.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  if (density !== '') document.documentElement.dataset.density = density
})()
