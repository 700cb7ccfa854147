// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CommonBase} from "forge-std/Base.sol";
import {Vm} from "forge-std/Vm.sol";
import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";

/// Cheat codes that are younger than the forge-std in use.
interface VmEd25519 {
    function publicKeyEd25519(bytes32 secret) external pure returns (bytes32);
    function signEd25519(bytes calldata namespace, bytes calldata message, bytes32 secret)
        external
        pure
        returns (bytes memory);
    function verifyEd25519(
        bytes calldata signature,
        bytes calldata namespace,
        bytes calldata message,
        bytes32 publicKey
    ) external pure returns (bool);
}

/// Makes keys of the four types and their signatures.
abstract contract Keys is CommonBase {
    uint256 internal constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    VmEd25519 internal constant more = VmEd25519(address(uint160(uint256(keccak256("hevm cheat code")))));

    function secp256k1(SageKeyRegistry registry, uint256 agentId, uint256 secret, uint8 purposes)
        internal
        returns (SageKeyRegistry.NewKey memory key)
    {
        key = unsignedSecp256k1(secret, purposes);
        key.proof = signSecp256k1(secret, registry.proofMessage(agentId, 1, purposes, key.publicKey));
    }

    function unsignedSecp256k1(uint256 secret, uint8 purposes) internal returns (SageKeyRegistry.NewKey memory) {
        Vm.Wallet memory wallet = vm.createWallet(secret);
        return SageKeyRegistry.NewKey(1, purposes, compress(wallet.publicKeyX, wallet.publicKeyY), "");
    }

    function p256(SageKeyRegistry registry, uint256 agentId, uint256 secret, uint8 purposes)
        internal
        view
        returns (SageKeyRegistry.NewKey memory)
    {
        (uint256 x, uint256 y) = vm.publicKeyP256(secret);
        bytes memory publicKey = compress(x, y);
        return SageKeyRegistry.NewKey(
            2, purposes, publicKey, signP256(secret, registry.proofMessage(agentId, 2, purposes, publicKey))
        );
    }

    function ed25519(SageKeyRegistry registry, uint256 agentId, bytes32 secret, uint8 purposes)
        internal
        view
        returns (SageKeyRegistry.NewKey memory)
    {
        bytes memory publicKey = abi.encodePacked(more.publicKeyEd25519(secret));
        bytes memory message = registry.proofMessage(agentId, 3, purposes, publicKey);
        return SageKeyRegistry.NewKey(3, purposes, publicKey, more.signEd25519("", message, secret));
    }

    /// Any 32 bytes with the top bit clear stand for an X25519 key, but for a handful.
    function x25519(uint256 seed) internal pure returns (SageKeyRegistry.NewKey memory) {
        bytes32 u = keccak256(abi.encode("x25519", seed)) & ~bytes32(uint256(0xff));
        return SageKeyRegistry.NewKey(4, 4, abi.encodePacked(u), "");
    }

    function signSecp256k1(uint256 secret, bytes memory message) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, keccak256(message));
        return abi.encodePacked(r, s, v);
    }

    function signP256(uint256 secret, bytes memory message) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = vm.signP256(secret, sha256(message));
        return abi.encodePacked(r, s);
    }

    function compress(uint256 x, uint256 y) internal pure returns (bytes memory) {
        return abi.encodePacked(y & 1 == 1 ? bytes1(0x03) : bytes1(0x02), x);
    }

    function one(SageKeyRegistry.NewKey memory key) internal pure returns (SageKeyRegistry.NewKey[] memory keys) {
        keys = new SageKeyRegistry.NewKey[](1);
        keys[0] = key;
    }
}
