import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = 'http://127.0.0.1:4620'

export default defineConfig({
  root: import.meta.dirname,
  // Relative: index.html says with <base> where it is mounted.
  base: './',
  plugins: [react(), tailwind()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // As data: URLs pictures and fonts would need a weaker Content-Security-Policy.
    assetsInlineLimit: 0,
    // Its polyfill is an inline script.
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: server, ws: true },
      '/hooks': server,
      '/data': server,
    },
  },
})
