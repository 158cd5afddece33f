// Package topevent solves one fault tree, however hard: the exact probability
// of its top event, or proven bounds.
package topevent
