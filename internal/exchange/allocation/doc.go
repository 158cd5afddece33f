// Package allocation reads redundancy allocation problems: YAML or JSON files,
// with a table of components in CSV where one is named. The format is documented
// in docs/solve-redundancy.md. Decoding is strict: what is unknown, missing or
// impossible is named with its line and column, all of it in one pass as far as
// it can be told apart.
package allocation
