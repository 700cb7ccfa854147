// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Public keys in their one canonical encoding, and the signatures that the chain can check
/// @notice secp256k1 and P-256: 33 bytes, SEC1 compressed. Ed25519 and X25519: the 32 bytes of RFC 8032 and RFC 7748.
library PublicKeys {
    /// @notice secp256k1; signs the Keccak-256 of a message; signatures are r, s, v: 65 bytes, v 27 or 28, low s.
    uint8 internal constant SECP256K1 = 1;
    /// @notice P-256; signs the SHA-256 of a message; signatures are r, s: 64 bytes, either s.
    uint8 internal constant P256 = 2;
    /// @notice Ed25519; signs the message itself; signatures have 64 bytes. The chain cannot check them.
    uint8 internal constant ED25519 = 3;
    /// @notice X25519; cannot sign.
    uint8 internal constant X25519 = 4;

    uint256 private constant SECP256K1_FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
    uint256 private constant P256_FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff;
    uint256 private constant P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b;
    uint256 private constant CURVE25519_FIELD = (1 << 255) - 19;

    /// @dev The u-coordinates of order 8 (RFC 7748 curve); 0, 1 and -1 are the other small-order ones.
    uint256 private constant ORDER_8_A = 0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0;
    uint256 private constant ORDER_8_B = 0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f;

    address private constant MODEXP = address(0x05);
    address private constant P256VERIFY = address(0x100);

    /// @notice Splits an encoded key into what is stored, after checking it.
    /// @param keyType One of the four types.
    /// @param publicKey The encoded key.
    /// @return ok Whether the type is known and the bytes are the canonical encoding of a usable key: a point of the
    /// curve; for Ed25519 y < 2^255 - 19; for X25519 u < 2^255 - 19 and not of small order.
    /// @return odd Whether y is odd (the first byte is 3); false for the 32-byte types.
    /// @return x The last 32 bytes.
    /// @return y The y-coordinate; 0 for the 32-byte types.
    function decode(uint8 keyType, bytes memory publicKey)
        internal
        view
        returns (bool ok, bool odd, bytes32 x, uint256 y)
    {
        if (keyType == SECP256K1 || keyType == P256) {
            if (publicKey.length != 33 || (publicKey[0] != 0x02 && publicKey[0] != 0x03)) {
                return (false, false, 0, 0);
            }
            odd = publicKey[0] == 0x03;
            assembly ("memory-safe") {
                x := mload(add(publicKey, 33))
            }
            (ok, y) = decompress(keyType, uint256(x), odd);
        } else if ((keyType == ED25519 || keyType == X25519) && publicKey.length == 32) {
            x = abi.decode(publicKey, (bytes32));
            uint256 number = reverse(uint256(x));
            ok = keyType == ED25519 ? number & ((1 << 255) - 1) < CURVE25519_FIELD : isUsable25519(number);
        }
    }

    /// @notice Puts a stored key back into its encoding.
    /// @param keyType One of the four types.
    /// @param odd Whether y is odd.
    /// @param x The stored 32 bytes.
    /// @return The encoded key.
    function encode(uint8 keyType, bool odd, bytes32 x) internal pure returns (bytes memory) {
        return keyType == SECP256K1 || keyType == P256
            ? abi.encodePacked(odd ? bytes1(0x03) : bytes1(0x02), x)
            : abi.encodePacked(x);
    }

    /// @notice Checks a secp256k1 signature over the Keccak-256 of a message.
    /// @param message The signed message.
    /// @param signature r, s, v: 65 bytes, v 27 or 28, low s; anything else is not valid.
    /// @param x The key's x-coordinate.
    /// @param y The key's y-coordinate.
    /// @return Whether the key made the signature.
    function verifySecp256k1(bytes memory message, bytes memory signature, bytes32 x, uint256 y)
        internal
        pure
        returns (bool)
    {
        (address signer, ECDSA.RecoverError error,) = ECDSA.tryRecover(keccak256(message), signature);
        return error == ECDSA.RecoverError.NoError && signer == address(uint160(uint256(keccak256(abi.encode(x, y)))));
    }

    /// @notice Checks a P-256 signature over the SHA-256 of a message, by the precompile of EIP-7951 and RIP-7212.
    /// @param message The signed message.
    /// @param signature r, s: 64 bytes, either s.
    /// @param x The key's x-coordinate.
    /// @param y The key's y-coordinate.
    /// @return Whether the key made the signature; false also where the chain has no precompile.
    function verifyP256(bytes memory message, bytes memory signature, bytes32 x, uint256 y)
        internal
        view
        returns (bool)
    {
        return signature.length == 64 && callP256(abi.encodePacked(sha256(message), signature, x, y));
    }

    /// @notice Whether the chain has the P-256 precompile, found out with the "sample" signature of RFC 6979 A.2.5.
    /// @dev Needed because the precompile answers a bad signature as an empty account does: with nothing.
    function hasP256() internal view returns (bool) {
        return callP256(
            abi.encode(
                0xaf2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf,
                0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716,
                0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8,
                0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6,
                0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299
            )
        );
    }

    function callP256(bytes memory input) private view returns (bool) {
        (bool called, bytes memory output) = P256VERIFY.staticcall(input);
        return called && output.length == 32 && abi.decode(output, (uint256)) == 1;
    }

    /// @dev Both fields have p % 4 == 3, so a square's root is its power (p + 1) / 4; a non-square has none.
    function decompress(uint8 keyType, uint256 x, bool odd) private view returns (bool, uint256) {
        (uint256 p, uint256 a, uint256 b) =
            keyType == SECP256K1 ? (SECP256K1_FIELD, 0, uint256(7)) : (P256_FIELD, P256_FIELD - 3, P256_B);
        if (x >= p) {
            return (false, 0);
        }
        uint256 square = addmod(mulmod(addmod(mulmod(x, x, p), a, p), x, p), b, p);
        (bool called, bytes memory output) = MODEXP.staticcall(abi.encode(32, 32, 32, square, (p + 1) / 4, p));
        uint256 y = abi.decode(output, (uint256));
        if (!called || mulmod(y, y, p) != square) {
            return (false, 0);
        }
        return (true, (y & 1 == 1) == odd ? y : p - y);
    }

    function isUsable25519(uint256 u) private pure returns (bool) {
        return u > 1 && u < CURVE25519_FIELD - 1 && u != ORDER_8_A && u != ORDER_8_B;
    }

    /// @dev Little endian to big endian.
    function reverse(uint256 value) private pure returns (uint256 result) {
        for (uint256 i; i < 32; i++) {
            result = (result << 8) | (value & 0xff);
            value >>= 8;
        }
    }
}
