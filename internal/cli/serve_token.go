package cli

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	"diapason/internal/finding"
)

// shortestToken is the fewest characters of a token: none is guessed.
const shortestToken = 20

// tokens are those of a file, one a line, # before a comment. The file is read again when
// it has changed, so that a token is given and withdrawn without a restart.
type tokens struct {
	file string

	mu     sync.Mutex
	hashes [][sha256.Size]byte
	stamp  time.Time
	looked time.Time
}

// readTokens reads a file of tokens; nil without a file.
func (t *terminal) readTokens(file string) (*tokens, error) {
	if file == "" {
		return nil, nil
	}
	k := &tokens{file: file}
	if err := k.read(); err != nil {
		return nil, unusable(errors.New(t.say("telemetry.tokens", finding.Args{"path": file, "cause": err.Error()})))
	}
	for _, line := range k.lines() {
		if len(line) < shortestToken {
			return nil, unusable(errors.New(t.say("telemetry.token.short", finding.Args{"path": file, "n": shortestToken})))
		}
	}
	if len(k.hashes) == 0 {
		return nil, unusable(errors.New(t.say("telemetry.token.none", finding.Args{"path": file})))
	}
	return k, nil
}

func (k *tokens) lines() []string {
	data, err := os.ReadFile(k.file)
	if err != nil {
		return nil
	}
	var out []string
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

func (k *tokens) read() error {
	info, err := os.Stat(k.file)
	if err != nil {
		return err
	}
	if _, err := os.ReadFile(k.file); err != nil {
		return err
	}
	k.stamp, k.hashes = info.ModTime(), nil
	for _, line := range k.lines() {
		if len(line) >= shortestToken {
			k.hashes = append(k.hashes, sha256.Sum256([]byte(line)))
		}
	}
	return nil
}

// holds reports whether a token is one of the file's. A file that cannot be read any more
// holds none.
func (k *tokens) holds(token string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); now.Sub(k.looked) > time.Second {
		k.looked = now
		info, err := os.Stat(k.file)
		if err != nil || !info.ModTime().Equal(k.stamp) {
			if k.read() != nil {
				k.hashes, k.stamp = nil, time.Time{}
			}
		}
	}
	hash := sha256.Sum256([]byte(token))
	found := 0
	for _, h := range k.hashes {
		found |= subtle.ConstantTimeCompare(h[:], hash[:])
	}
	return found == 1
}
