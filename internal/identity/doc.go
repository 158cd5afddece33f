// Package identity knows who is speaking and what he may do: accounts,
// passwords, sessions, one-time links, grants of roles, and the one function
// that decides every use case, [Authorizer.Authorize].
//
// # Signing in
//
// A sign-in is the work of an [Authenticator]: it proves which account is
// speaking and says by which [Method]; [Directory.SignIn] then opens the
// session, the same way whatever the proof was. Today there is one
// authenticator, the password ([Directory.Password]). OpenID Connect and
// passkeys come as further implementations of the same interface, each with
// its own rows of credentials keyed by account; sessions, grants and policies
// do not change for them.
//
//	Authenticator (password | later OIDC, passkey)
//	      │ account
//	      ▼
//	Directory.SignIn ─► session (opaque token, stored hashed)
//	      │                     │ every request
//	      ▼                     ▼
//	grants in force ────────► Actor ─► Authorizer.Authorize(actor, action, resource)
//
// # Rights
//
// Rights come from grants alone (account, role, optional scope, optional
// deputy dates). A grant is decided by an administrator and enters the log as
// an access entry ([AccessEntry]); the grants table is that part of the log
// folded ([AccessState]), and can be rebuilt and compared at any time. Objects
// of the model never grant rights; they only say who owns what.
//
// What a role may do is written in policies.cedar, embedded in the program and
// checked against policies.cedarschema by a test. The package computes facts
// about actor and resource (he owns it, it concerns his customer, he submitted
// it); the policies decide.
//
// # What is kept where
//
// Login, name, language, password hash, links to the model, sessions and
// one-time links are ordinary rows that can be erased. The log holds opaque
// account identifiers, roles, scopes, and salted commitments to the person and
// customer an account speaks for. Tokens are 256 random bits and only their
// SHA-256 is stored; passwords are hashed with argon2id (RFC 9106). An access
// entry and the rows that follow from it are one transaction, so that
// [Directory.Verify] finds no difference at any time.
//
// Revocations count at once in the process that made them, and within
// [Settings].CacheFor on other replicas. Limits of sign-ins live in the memory
// of each process.
package identity
