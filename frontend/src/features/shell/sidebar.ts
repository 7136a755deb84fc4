import { ref } from 'vue'

/** Whether the sidebar is slid in, where the window is too narrow to always show it. */
export const sidebarOpen = ref(false)
