namespace Sage.HttpSignatures;

/// <summary>Why a message was not accepted. The set is closed; it is for logs and metrics, never for the one who sent the message.</summary>
public enum SignatureError
{
    /// <summary>Nothing: the signature counts.</summary>
    None,

    /// <summary>The message carries no signature.</summary>
    NotSigned,

    /// <summary><c>Signature-Input</c> is not the dictionary of RFC 9421 §4.1, or is too long.</summary>
    MalformedSignatureInput,

    /// <summary><c>Signature</c> is not the dictionary of RFC 9421 §4.2, or is too long.</summary>
    MalformedSignature,

    /// <summary>Two signatures have the same label.</summary>
    DuplicateLabel,

    /// <summary>There are more signatures than are looked at (8).</summary>
    TooManySignatures,

    /// <summary>No signature has the label, tag and key that the policy asks for.</summary>
    SignatureNotFound,

    /// <summary>A label stands in <c>Signature-Input</c> only.</summary>
    SignatureMissing,

    /// <summary>A covered component has a name that RFC 9421 does not define.</summary>
    UnknownComponent,

    /// <summary>A covered component has a parameter that is unknown, misplaced or excluded by another one.</summary>
    InvalidComponentParameter,

    /// <summary>A component is covered twice.</summary>
    DuplicateComponent,

    /// <summary>A signature parameter is there twice, has the wrong type, or is too long.</summary>
    InvalidParameter,

    /// <summary>A covered component is not in the message.</summary>
    ComponentMissing,

    /// <summary>A covered component has a value that cannot be signed.</summary>
    InvalidComponentValue,

    /// <summary>A query parameter that is covered stands in the query more than once.</summary>
    AmbiguousQueryParam,

    /// <summary>A field is covered with <c>sf</c>, but its type is not known.</summary>
    UnknownStructuredField,

    /// <summary>The signature base is too long.</summary>
    SignatureBaseTooLarge,

    /// <summary>A component that the policy asks for is not covered.</summary>
    ComponentNotCovered,

    /// <summary>The message has a body that no covered digest protects.</summary>
    DigestNotCovered,

    /// <summary><c>created</c> is missing.</summary>
    CreatedMissing,

    /// <summary><c>created</c> lies ahead.</summary>
    CreatedInFuture,

    /// <summary><c>created</c> is too long ago.</summary>
    TooOld,

    /// <summary><c>expires</c> is missing.</summary>
    ExpiresMissing,

    /// <summary><c>expires</c> has passed.</summary>
    Expired,

    /// <summary>Between <c>created</c> and <c>expires</c> is more time than the policy allows.</summary>
    LifetimeTooLong,

    /// <summary><c>nonce</c> is missing or empty.</summary>
    NonceMissing,

    /// <summary><c>keyid</c> is missing or empty.</summary>
    KeyIdMissing,

    /// <summary>The request is for another authority.</summary>
    WrongAudience,

    /// <summary><c>X-SAGE-DID</c> names another agent than the <c>keyid</c>.</summary>
    WrongAgent,

    /// <summary><c>Signature-Agent</c> is not covered, or names no directory.</summary>
    SignatureAgentMissing,

    /// <summary>No key is known by the <c>keyid</c>.</summary>
    KeyNotFound,

    /// <summary>The signer is deactivated.</summary>
    SignerDeactivated,

    /// <summary>The signer has no usable key by that name: it is revoked, unproven, or for another use.</summary>
    KeyNotUsable,

    /// <summary>What is known of the key is older than the policy accepts.</summary>
    KeyTooOld,

    /// <summary>The source of keys gave no answer.</summary>
    KeySourceUnavailable,

    /// <summary><c>alg</c> names another algorithm than the key's.</summary>
    AlgorithmMismatch,

    /// <summary>The policy does not accept the algorithm of the key.</summary>
    AlgorithmNotAllowed,

    /// <summary>The signature is not the key's over this message.</summary>
    BadSignature,

    /// <summary><c>content-digest</c> is covered, but malformed.</summary>
    MalformedDigest,

    /// <summary><c>content-digest</c> names no algorithm that is accepted (sha-256, sha-512).</summary>
    DigestNotSupported,

    /// <summary>The body is not the one that was signed.</summary>
    DigestMismatch,

    /// <summary>The body is longer than what is digested.</summary>
    BodyTooLarge,

    /// <summary>The nonce was seen before.</summary>
    Replayed,

    /// <summary>There is no room to remember the nonce.</summary>
    NonceStoreFull,

    /// <summary>The store of nonces gave no answer.</summary>
    NonceStoreUnavailable,

    /// <summary>The response is for another request than the one that was sent.</summary>
    RequestChanged,

    /// <summary>The response is signed by someone else than the one that was expected.</summary>
    WrongSigner,
}
