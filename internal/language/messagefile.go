package language

import (
	"strings"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v4"
)

// whole tells of each language that all its prose has been read.
var whole [2]atomic.Bool

// messageFiles are files of messages read alone, by name: a command that says a few
// sentences and ends does not wait for all prose to be read.
var messageFiles sync.Map // of func() map[string]string

// message finds a message. Its key begins with the name of the file in which it
// most likely stands; only where it does not are all files read.
func message(l Lang, key string) (string, bool) {
	if i := l.index(); i >= 0 && !whole[i].Load() {
		word, _, _ := strings.Cut(key, ".")
		if text, ok := messageFile(word + "." + string(l) + ".yaml")[key]; ok {
			return text, true
		}
	}
	text, ok := must(l).messages[key]
	return text, ok
}

// messageFile reads one file of messages; nil where there is none of that name.
func messageFile(name string) map[string]string {
	read, ok := messageFiles.Load(name)
	if !ok {
		read, _ = messageFiles.LoadOrStore(name, sync.OnceValue(func() map[string]string {
			data, err := files.ReadFile("messages/" + name)
			if err != nil {
				return nil
			}
			m := map[string]string{}
			if yaml.Load(data, &m) != nil { // said when all files are read
				return nil
			}
			return m
		}))
	}
	return read.(func() map[string]string)()
}
