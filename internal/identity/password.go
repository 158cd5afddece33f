package identity

type Weakness string
