import type { Page } from 'playwright-core'

/** Everything that the fields of the page hold now, and what it says. */
export async function filledIn(page: Page): Promise<string> {
  const values = await page.evaluate(
    "[...document.querySelectorAll('input, select, textarea')].map((field) => field.value).join(' ')",
  )
  return `${String(values)} ${await page.locator('main').innerText()}`
}
