// Package faulttree computes exactly how often a structure of shared parts
// fails.
package faulttree
