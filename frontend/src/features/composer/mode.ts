export type ComposeMode = 'reply' | 'reply_all' | 'note'
