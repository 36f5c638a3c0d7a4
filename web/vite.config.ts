import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The hub serves the built files at `/`; in development the API calls go to a hub on its usual port. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few files compress better than forty; what only one screen needs stays in the chunk of that screen.
          groups: [
            { name: 'vendor', test: /node_modules/, minShareCount: 3 },
            { name: 'shared', test: /web\/(ui|app|text|format)|\/sdk\//, minShareCount: 4 },
          ],
        },
      },
    },
  },
  server: { port: 4830, proxy: { '/api': 'http://127.0.0.1:4820' } },
})
