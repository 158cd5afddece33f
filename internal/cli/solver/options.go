package solver

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultTreeOptions is what is asked of fault trees. NewFaultTreeOptions gives the
// defaults; Check follows once they are set.
type FaultTreeOptions struct {
	Tops               []string
	CutSets, Primes    bool
	List               string // a number or all
	MaxOrder           int
	CutOff             float64
	Importance         bool
	Uncertainty, Curve int
	Seed               uint64
	MissionTime        float64 // hours
	TimeLimit          time.Duration
	MemoryLimit        string
	Format, Write      string
	ListGiven          bool // List was set

	listed int   // of List
	bytes  int64 // of MemoryLimit
}

// Bytes is the memory limit once the options were checked; 0 without one.
func (o *FaultTreeOptions) Bytes() int64 { return o.bytes }

// NewFaultTreeOptions are the options without any set.
func NewFaultTreeOptions() *FaultTreeOptions {
	return &FaultTreeOptions{List: "10", Seed: 1, MissionTime: 8760, Format: "text"}
}

// Option is an option of a command line.
type Option struct {
	Name  string
	Words string // the key of its help
	Value any    // pointer to its value
}

// Flags are the options by their names.
func (o *FaultTreeOptions) Flags() []Option {
	return []Option{
		{"top", "solve.faulttree.top", &o.Tops},
		{"cut-sets", "solve.faulttree.cut-sets", &o.CutSets},
		{"prime-implicants", "solve.faulttree.prime-implicants", &o.Primes},
		{"list", "solve.faulttree.list", &o.List},
		{"max-order", "solve.faulttree.max-order", &o.MaxOrder},
		{"cut-off", "solve.faulttree.cut-off", &o.CutOff},
		{"importance", "solve.faulttree.importance", &o.Importance},
		{"uncertainty", "solve.faulttree.uncertainty", &o.Uncertainty},
		{"seed", "solve.faulttree.seed", &o.Seed},
		{"curve", "solve.faulttree.curve", &o.Curve},
		{"mission-time", "solve.faulttree.mission-time", &o.MissionTime},
		{"time-limit", "solve.flag.time-limit", &o.TimeLimit},
		{"memory-limit", "solve.flag.memory-limit", &o.MemoryLimit},
		{"format", "solve.flag.format", &o.Format},
		{"write", "solve.faulttree.write", &o.Write},
	}
}

// Formats are the outputs of every solver.
var Formats = []string{"text", "json"}

// mostListed bounds how many cut sets are written out. Whatever is not listed is
// counted, and bounded in the result.
const mostListed = 1_000_000

// Check refuses options that cannot be meant, before any file is read.
func (o *FaultTreeOptions) Check() *Trouble {
	if !slices.Contains(Formats, o.Format) {
		return refused("cli.format.unknown", map[string]any{"value": o.Format, "formats": Formats})
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	n, err := strconv.Atoi(o.List)
	if o.List == "all" {
		n, err = mostListed, nil
	} else if n < 0 || n > mostListed {
		err = strconv.ErrRange
	}
	if err != nil {
		return wrongOption("--list", o.List, "solve.want.list")
	}
	o.listed = n
	switch {
	case o.MaxOrder < 0:
		return wrongOption("--max-order", strconv.Itoa(o.MaxOrder), "solve.want.whole")
	case !(o.CutOff >= 0 && o.CutOff <= 1):
		return wrongOption("--cut-off", number(o.CutOff), "solve.want.probability")
	case o.Uncertainty < 0:
		return wrongOption("--uncertainty", strconv.Itoa(o.Uncertainty), "solve.want.whole")
	case o.Curve < 0 || o.Curve > 1_000_000:
		return wrongOption("--curve", strconv.Itoa(o.Curve), "solve.want.curve")
	case !(o.MissionTime >= 0 && o.MissionTime <= 1e15):
		return wrongOption("--mission-time", number(o.MissionTime), "solve.want.hours")
	case o.TimeLimit < 0:
		return wrongOption("--time-limit", o.TimeLimit.String(), "solve.want.duration")
	}
	if o.MemoryLimit != "" {
		if o.bytes, err = bytesOf(o.MemoryLimit); err != nil {
			return wrongOption("--memory-limit", o.MemoryLimit, "solve.want.bytes")
		}
	}
	// What restricts or lists cut sets asks for them.
	o.CutSets = o.CutSets || o.Primes || o.ListGiven || o.MaxOrder > 0 || o.CutOff > 0
	if !o.CutSets {
		o.listed = 0
	}
	return nil
}

// bytesOf reads an amount of memory: bytes, or a number with KB, MB, GB or KiB,
// MiB, GiB.
func bytesOf(s string) (int64, error) {
	s = strings.TrimSpace(s)
	factor := 1.0
	for _, u := range []struct {
		suffix string
		bytes  float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"KB", 1e3}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}} {
		if n, ok := strings.CutSuffix(s, u.suffix); ok {
			s, factor = strings.TrimSpace(n), u.bytes
			break
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x*factor >= 1<<20 && x*factor <= 1<<60) {
		return 0, strconv.ErrRange
	}
	return int64(x * factor), nil
}
