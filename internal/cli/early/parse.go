package early

import (
	"strconv"
	"strings"
	"time"

	"diapason/internal/cli/solver"
)

// parse sets options by the arguments of a command line as package pflag would and
// returns the others; ok is false for whatever is not plain.
func parse(args []string, o *solver.FaultTreeOptions) (files []string, ok bool) {
	lang := ""
	options := append(o.Flags(), solver.Option{Name: "lang", Value: &lang})
	for i := 0; i < len(args); i++ {
		word, isOption := strings.CutPrefix(args[i], "--")
		switch {
		case !isOption && strings.HasPrefix(word, "-"), isOption && word == "":
			return nil, false
		case !isOption:
			files = append(files, word)
			continue
		}
		name, value, given := strings.Cut(word, "=")
		option := find(options, name)
		if option == nil {
			return nil, false
		}
		if _, flag := option.Value.(*bool); flag && !given {
			value, given = "true", true
		}
		if !given {
			if i++; i == len(args) {
				return nil, false
			}
			value = args[i]
		}
		if !set(option.Value, value) {
			return nil, false
		}
		o.ListGiven = o.ListGiven || name == "list"
	}
	return files, lang == "" || lang == "en" || lang == "fr"
}

func find(options []solver.Option, name string) *solver.Option {
	for i := range options {
		if options[i].Name == name {
			return &options[i]
		}
	}
	return nil
}

// set gives an option its value.
func set(to any, value string) bool {
	var err error
	switch v := to.(type) {
	case *bool:
		*v, err = strconv.ParseBool(value)
	case *int:
		var n int64
		n, err = strconv.ParseInt(value, 0, strconv.IntSize)
		*v = int(n)
	case *uint64:
		*v, err = strconv.ParseUint(value, 0, 64)
	case *float64:
		*v, err = strconv.ParseFloat(value, 64)
	case *time.Duration:
		*v, err = time.ParseDuration(value)
	case *string:
		*v = value
	case *[]string:
		*v = append(*v, value)
	default:
		return false
	}
	return err == nil
}
