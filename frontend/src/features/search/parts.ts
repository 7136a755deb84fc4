// In one piece: they are made of the same files.
export { default as SavedSearch } from './SavedSearch.vue'
export { default as SearchPage } from './SearchPage.vue'
