// Package model is the one model of an organisation's services: the closed list
// of kinds, their schema, references between them, units, strict decoding with
// positions, the immutable snapshot, differences and merges.
//
// Each field is described once, by the tags of its Go struct:
//
//	json   its name in documents
//	l      its label, "English|French"
//	h      its help, "English|French"
//	ref    the kinds it may refer to, as slugs ("team,contract"); "*" for any
//	enum   its closed list of values, "value=English|French;…"
//	flow   "out": the holder influences what it refers to (a contract what it
//	       covers); "both": each influences the other. Without it the holder is
//	       influenced by what it refers to.
//	edge   "structure" marks references along which failure travels
//	mat    "y": a material field; an approval that rests on it goes stale when
//	       it changes
//	req    "y": users are expected to fill it; its absence is for rules to judge
//
// Decoder, JSON Schema, forms, table columns, differences, import targets and
// documentation all derive from these tags. The package touches neither disk,
// network, database nor clock.
package model
