package identity

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// quick is far too weak for real passwords: tests hash by the hundred.
var quick = Argon2{Memory: 64, Time: 1, Threads: 1}

func newTestHasher(t testing.TB, p Argon2, places int) *hasher {
	t.Helper()
	h, err := newHasher(p, places)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHashedPasswordsVerify(t *testing.T) {
	ctx, h := t.Context(), newTestHasher(t, quick, 1)
	stored, err := h.hash(ctx, "Été à l’hôpital")
	if err != nil {
		t.Fatal(err)
	}
	other, err := h.hash(ctx, "Été à l’hôpital")
	if err != nil || other == stored {
		t.Errorf("two hashes of one password are equal: the salt does not vary (%v)", err)
	}
	stronger := newTestHasher(t, Argon2{Memory: 128, Time: 1, Threads: 1}, 1)
	for _, c := range []struct {
		name             string
		hasher           *hasher
		stored, password string
		ok, outdated     bool
	}{
		{"the password verifies", h, stored, "Été à l’hôpital", true, false},
		{"the same text in decomposed form verifies", h, stored, "E\u0301te\u0301 a\u0300 l’ho\u0302pital", true, false},
		{"another password does not", h, stored, "été à l’hôpital", false, false},
		{"nothing does not", h, stored, "", false, false},
		{"an account without password never verifies", h, "", "anything at all", false, false},
		{"raised parameters make the hash outdated", stronger, stored, "Été à l’hôpital", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ok, outdated, err := c.hasher.verify(ctx, c.stored, c.password)
			if err != nil || ok != c.ok || outdated != c.outdated {
				t.Errorf("ok %v outdated %v err %v", ok, outdated, err)
			}
		})
	}
}

func TestTheReferenceHashOfArgon2Verifies(t *testing.T) {
	// Test vector of the reference implementation (phc-winner-argon2, test.c:
	// version 0x13, t=2, m=2^16, p=1, "password", "somesalt").
	const stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	ok, outdated, err := newTestHasher(t, quick, 1).verify(t.Context(), stored, "password")
	if !ok || !outdated || err != nil {
		t.Errorf("ok %v outdated %v (the salt is short) err %v", ok, outdated, err)
	}
}

func TestStoredHashesThatAreNoneAreAnError(t *testing.T) {
	for _, stored := range []string{"secret", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q", "$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q", "$argon2id$v=19$m=64,t=1$c29tZXNhbHQ$x"} {
		_, _, err := newTestHasher(t, quick, 1).verify(t.Context(), stored, "x")
		if err == nil || strings.Contains(err.Error(), stored) {
			t.Errorf("%s: %v", stored, err)
		}
	}
}

func TestTheDefaultIsAboveTheMinimumOfOWASP(t *testing.T) {
	if !DefaultArgon2.atLeast(Argon2{Memory: 19 << 10, Time: 2, Threads: 1}) {
		t.Errorf("%+v", DefaultArgon2)
	}
}

func TestHashingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newTestHasher(t, quick, 1)
		leave, err := h.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		results := make(chan error, waitingHashes)
		for range waitingHashes {
			go func() {
				leave, err := h.enter(ctx)
				if err == nil {
					leave()
				}
				results <- err
			}()
		}
		synctest.Wait()
		if len(results) > 0 {
			t.Errorf("%d got in while the only place was taken", len(results))
		}
		_, err = h.enter(t.Context())
		if CodeOf(err) != CodeTooManyAttempts || err.(*Error).RetryAfter != time.Second {
			t.Errorf("one more than may wait: %v", err)
		}
		leave()
		synctest.Wait()
		cancel()
		for range waitingHashes {
			if err := <-results; err != nil {
				t.Errorf("one who waited: %v", err)
			}
		}
		if h.waiting.Load() != 0 {
			t.Errorf("%d are still counted", h.waiting.Load())
		}
	})
}

func BenchmarkHash(b *testing.B) {
	h := newTestHasher(b, DefaultArgon2, 1)
	for b.Loop() {
		if _, err := h.hash(context.Background(), "le chat dort sous la table"); err != nil {
			b.Fatal(err)
		}
	}
}
