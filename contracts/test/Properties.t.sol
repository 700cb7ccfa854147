// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";
import {History} from "./History.sol";

/// What holds for any keys, agents and accounts.
contract Properties is RegistryTest {
    function testFuzz_F1_AnAddedSecp256k1KeyIsActiveAndProven(uint256 secret, uint8 purposes) public {
        purposes = uint8(bound(purposes, 1, 3));
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, boundPrivateKey(secret), purposes);
        bytes32 keyId = add(key);
        assertTrue(registry.isKeyActive(agentId, keyId));
        SageKeyRegistry.Key memory found = registry.getKey(agentId, keyId);
        assertTrue(found.proven);
        assertEq(found.publicKey, key.publicKey);
        assertEq(found.purposes, purposes);
    }

    function testFuzz_F2_TheProofOfAnotherKeyFails(uint256 secret, uint256 another) public {
        secret = boundPrivateKey(secret);
        another = boundPrivateKey(another);
        vm.assume(secret != another);
        SageKeyRegistry.NewKey memory key = unsignedSecp256k1(secret, 3);
        key.proof = signSecp256k1(another, registry.proofMessage(agentId, 1, 3, key.publicKey));
        refuse(key);
    }

    function testFuzz_F3_AProofIsForOneOwner(uint256 secret) public {
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, boundPrivateKey(secret), 3);
        vm.prank(owner);
        identity.transferFrom(owner, other, agentId);
        owner = other;
        refuse(key);
    }

    function testFuzz_F4_AHighSIsRefused(uint256 secret) public {
        secret = boundPrivateKey(secret);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, secret, 3);
        key.proof = flip(key.proof);
        refuse(key);
        bytes32 keyId = addSecp256k1(secret);
        bytes memory signature = flip(signSecp256k1(secret, registry.revocationMessage(agentId, keyId)));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, keyId));
        registry.revokeKeyBySignature(agentId, keyId, signature);
    }

    function testFuzz_F5_ARevokedKeyNeverReturns(uint256 secret, uint8 how, uint8 purposes) public {
        secret = boundPrivateKey(secret);
        bytes32 keyId = addSecp256k1(secret);
        end(keyId, secret, how);
        assertFalse(registry.isKeyActive(agentId, keyId));
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, secret, uint8(bound(purposes, 1, 3)));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyAlreadyKnown.selector, keyId));
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyAlreadyKnown.selector, keyId));
        vm.prank(owner);
        registry.rotateKey(agentId, 0, key);
    }

    function testFuzz_F6_AStrangerCannotWrite(address caller, uint256 secret, bool active) public {
        vm.assume(caller != owner);
        bytes32 keyId = addSecp256k1(1);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, bound(secret, 2, SECP256K1_ORDER - 1), 3);
        bytes memory refused = abi.encodeWithSelector(SageKeyRegistry.NotAuthorized.selector, agentId, caller);
        vm.startPrank(caller);
        vm.expectRevert(refused);
        registry.addKeys(agentId, one(key));
        vm.expectRevert(refused);
        registry.rotateKey(agentId, keyId, key);
        vm.expectRevert(refused);
        registry.revokeKey(agentId, keyId);
        vm.expectRevert(refused);
        registry.revokeAll(agentId);
        vm.expectRevert(refused);
        registry.setActive(agentId, active);
    }

    function testFuzz_F7_ATransferEndsTheKeysAtOnce(uint256 secret, address to) public {
        vm.assume(to != owner && to != address(0));
        bytes32 keyId = addSecp256k1(boundPrivateKey(secret));
        vm.prank(owner);
        identity.transferFrom(owner, to, agentId);
        assertFalse(registry.isKeyActive(agentId, keyId));
        (address who,,, SageKeyRegistry.Key[] memory keys) = registry.resolve(agentId);
        assertEq(who, to);
        assertEq(keys.length, 0);
        bytes memory signature = signSecp256k1(boundPrivateKey(secret), registry.revocationMessage(agentId, keyId));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyNotActive.selector, keyId));
        registry.revokeKeyBySignature(agentId, keyId, signature);
    }

    function testFuzz_F8_TheNewOwnerStartsClean(uint256 secret, uint256 next, address to) public {
        vm.assume(to != owner && to != address(0));
        secret = boundPrivateKey(secret);
        next = boundPrivateKey(next);
        vm.assume(secret != next);
        bytes32 keyId = addSecp256k1(secret);
        vm.prank(owner);
        identity.transferFrom(owner, to, agentId);
        owner = to;
        bytes32 nextId = addSecp256k1(next);
        SageKeyRegistry.Key[] memory keys = listed();
        assertEq(keys.length, 1);
        assertEq(keys[0].keyId, nextId);
        assertEq(keys[0].epoch, 2);
        assertFalse(registry.isKeyActive(agentId, keyId));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyNotActive.selector, keyId));
        vm.prank(owner);
        registry.revokeKey(agentId, keyId);
    }

    function testFuzz_F9_AKeyRevokesItselfThroughAnybody(uint256 secret, address relayer) public {
        secret = boundPrivateKey(secret);
        bytes32 keyId = addSecp256k1(secret);
        bytes memory signature = signSecp256k1(secret, registry.revocationMessage(agentId, keyId));
        vm.startPrank(relayer);
        registry.revokeKeyBySignature(agentId, keyId, signature);
        assertFalse(registry.isKeyActive(agentId, keyId));
        assertEq(listed().length, 0);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyNotActive.selector, keyId));
        registry.revokeKeyBySignature(agentId, keyId, signature);
    }

    function testFuzz_F9_OnlyTheKeyItselfAndOnlyForThatAgent(uint256 secret, uint256 another, bytes memory junk)
        public
    {
        secret = bound(secret, 1, type(uint128).max);
        another = bound(another, type(uint128).max, SECP256K1_ORDER - 1);
        bytes32 keyId = addSecp256k1(secret);
        bytes32 anotherId = addSecp256k1(another);
        bytes memory message = registry.revocationMessage(agentId, keyId);
        bytes[4] memory signatures = [
            signSecp256k1(another, message),
            signSecp256k1(secret, registry.revocationMessage(strangersAgentId, keyId)),
            signSecp256k1(secret, registry.revocationMessage(agentId, anotherId)),
            junk
        ];
        for (uint256 i; i < signatures.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, keyId));
            registry.revokeKeyBySignature(agentId, keyId, signatures[i]);
        }
    }

    /// forge-config: default.evm_version = "osaka"
    function testFuzz_F10_P256IsProvenByThePrecompile(uint256 secret, uint256 another) public {
        secret = bound(secret, 1, P256_ORDER - 1);
        another = bound(another, 1, P256_ORDER - 1);
        vm.assume(secret != another);
        SageKeyRegistry.NewKey memory key = p256(registry, agentId, secret, 3);
        bytes memory good = key.proof;
        key.proof = signP256(another, registry.proofMessage(agentId, 2, 3, key.publicKey));
        refuse(key);
        key.proof = abi.encodePacked(good, hex"00");
        refuse(key);
        key.proof = good;
        bytes32 keyId = add(key);
        SageKeyRegistry.Key memory found = registry.getKey(agentId, keyId);
        assertTrue(found.proven);
        assertEq(found.publicKey, key.publicKey);
        assertEq(found.proof, "");

        bytes memory signature = signP256(another, registry.revocationMessage(agentId, keyId));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, keyId));
        registry.revokeKeyBySignature(agentId, keyId, signature);
        registry.revokeKeyBySignature(agentId, keyId, signP256(secret, registry.revocationMessage(agentId, keyId)));
        assertFalse(registry.isKeyActive(agentId, keyId));
    }

    function testFuzz_F10_WithoutThePrecompileP256IsLeftToReaders(uint256 secret) public {
        secret = bound(secret, 1, P256_ORDER - 1);
        SageKeyRegistry.NewKey memory key = p256(registry, agentId, secret, 3);
        bytes memory proof = key.proof;
        key.proof = abi.encodePacked(proof, hex"00");
        refuse(key);
        key.proof = "";
        refuse(key);
        key.proof = proof;
        bytes32 keyId = add(key);
        SageKeyRegistry.Key memory found = registry.getKey(agentId, keyId);
        assertFalse(found.proven);
        assertEq(found.proof, proof);
        assertEq(found.publicKey, key.publicKey);
        bytes memory signature = signP256(secret, registry.revocationMessage(agentId, keyId));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, keyId));
        registry.revokeKeyBySignature(agentId, keyId, signature);
    }

    function testFuzz_F11_WhomTheOwnerApprovedMayWriteUntilATransfer(address helper, bool operator, uint256 secret)
        public
    {
        vm.assume(helper != owner && helper != other && helper != address(0));
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, boundPrivateKey(secret), 3);
        vm.prank(owner);
        operator ? identity.setApprovalForAll(helper, true) : identity.approve(helper, agentId);
        vm.prank(helper);
        registry.addKeys(agentId, one(key));
        assertTrue(registry.isKeyActive(agentId, registry.keyIdOf(1, key.publicKey)));
        vm.prank(owner);
        identity.transferFrom(owner, other, agentId);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.NotAuthorized.selector, agentId, helper));
        vm.prank(helper);
        registry.revokeAll(agentId);
    }

    function testFuzz_F12_WhatIsSeenWaitingIsOfNoUseToOthers(uint256 secret) public {
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, boundPrivateKey(secret), 3);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.NotAuthorized.selector, agentId, stranger));
        registry.addKeys(agentId, one(key));
        vm.expectRevert(
            abi.encodeWithSelector(
                SageKeyRegistry.InvalidProof.selector, keccak256(abi.encodePacked(uint8(1), key.publicKey))
            )
        );
        registry.addKeys(strangersAgentId, one(key));
        vm.stopPrank();
        add(key); // and it stands in nobody's way
    }

    function testFuzz_F13_AProofIsForOneAgent(uint256 secret) public {
        vm.prank(owner);
        uint256 second = identity.register();
        SageKeyRegistry.NewKey memory key = secp256k1(registry, second, boundPrivateKey(secret), 3);
        refuse(key);
    }

    function testFuzz_F14_TheSeventeenthKeyIsRefused(uint256 seed, uint8 together) public {
        uint256 first = bound(together, 0, 16);
        SageKeyRegistry.NewKey[] memory keys = new SageKeyRegistry.NewKey[](first);
        for (uint256 i; i < first; i++) {
            keys[i] = x25519(uint256(keccak256(abi.encode(seed, i))));
        }
        vm.prank(owner);
        registry.addKeys(agentId, keys);
        for (uint256 i = first; i < 16; i++) {
            add(x25519(uint256(keccak256(abi.encode(seed, i)))));
        }
        assertEq(listed().length, 16);
        vm.expectRevert(SageKeyRegistry.TooManyKeys.selector);
        vm.prank(owner);
        registry.addKeys(agentId, one(x25519(uint256(keccak256(abi.encode(seed, "more"))))));
        bytes32 some = listed()[seed % 16].keyId;
        vm.prank(owner);
        registry.revokeKey(agentId, some);
        add(x25519(uint256(keccak256(abi.encode(seed, "more")))));
        assertEq(listed().length, 16);
    }

    function testFuzz_F15_SigningKeysSignAndAgreementKeysAgree(uint8 kind, uint8 purposes, uint256 secret) public {
        purposes = uint8(bound(purposes, 0, secret % 2 == 0 ? 8 : 255));
        secret = bound(secret, 1, P256_ORDER - 1);
        SageKeyRegistry.NewKey memory key;
        if (kind % 4 == 0) {
            key = secp256k1(registry, agentId, secret, purposes);
        } else if (kind % 4 == 1) {
            key = p256(registry, agentId, secret, purposes);
        } else if (kind % 4 == 2) {
            key = ed25519(registry, agentId, bytes32(secret), purposes);
        } else {
            key = x25519(secret);
            key.purposes = purposes;
        }
        bool serves = key.keyType == 4 ? purposes == 4 : (purposes == 1 || purposes == 2 || purposes == 3);
        if (serves) {
            assertEq(registry.getKey(agentId, add(key)).purposes, purposes);
        } else {
            vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.InvalidPurposes.selector, key.keyType, purposes));
            vm.prank(owner);
            registry.addKeys(agentId, one(key));
        }
    }

    function testFuzz_F16_ARotationIsARevocationAndAnAddition(uint8 count, uint8 which, uint256 seed) public {
        uint256 n = bound(count, 1, 16);
        bytes32[] memory before = new bytes32[](n);
        for (uint256 i; i < n; i++) {
            before[i] = add(x25519(uint256(keccak256(abi.encode(seed, i)))));
        }
        uint256 at = which % n;
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, bound(seed, 1, SECP256K1_ORDER - 1), 3);
        bytes32 keyId = registry.keyIdOf(1, key.publicKey);

        uint256 snapshot = vm.snapshotState();
        vm.startPrank(owner);
        registry.revokeKey(agentId, before[at]);
        registry.addKeys(agentId, one(key));
        vm.stopPrank();
        uint64 separately = version();
        bytes32 revoked = keccak256(abi.encode(registry.getKey(agentId, before[at])));
        bytes32 added = keccak256(abi.encode(registry.getKey(agentId, keyId)));
        vm.revertToState(snapshot);

        vm.prank(owner);
        registry.rotateKey(agentId, before[at], key);
        assertEq(version(), separately);
        assertEq(keccak256(abi.encode(registry.getKey(agentId, before[at]))), revoked);
        assertEq(keccak256(abi.encode(registry.getKey(agentId, keyId))), added);
        SageKeyRegistry.Key[] memory keys = listed();
        assertEq(keys.length, n);
        assertEq(keys[0].keyId, keyId); // the new one first, then the rest in order
        for (uint256 i = 1; i < n; i++) {
            assertEq(keys[i].keyId, before[i <= at ? i - 1 : i]);
        }
    }

    function testFuzz_F17_DigestsAreThoseOfEip712(uint8 keyType, uint8 purposes, bytes memory publicKey, bytes32 keyId)
        public
        view
    {
        bytes32 proof = keccak256(
            abi.encode(
                keccak256("KeyProof(uint256 agentId,address owner,uint8 keyType,uint8 purposes,bytes publicKey)"),
                agentId,
                owner,
                uint256(keyType),
                uint256(purposes),
                keccak256(publicKey)
            )
        );
        bytes memory message = bytes.concat(hex"1901", domain(), proof);
        assertEq(registry.proofMessage(agentId, keyType, purposes, publicKey), message);
        assertEq(registry.proofDigest(agentId, keyType, purposes, publicKey), keccak256(message));
        bytes32 revocation =
            keccak256(abi.encode(keccak256("KeyRevocation(uint256 agentId,bytes32 keyId)"), agentId, keyId));
        message = bytes.concat(hex"1901", domain(), revocation);
        assertEq(registry.revocationMessage(agentId, keyId), message);
        assertEq(registry.revocationDigest(agentId, keyId), keccak256(message));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_F18_LogsAloneRebuildWhatResolveAnswers(uint256[24] memory steps) public {
        History history = new History();
        for (uint256 i; i < steps.length; i++) {
            uint256 a = uint256(keccak256(abi.encode(steps[i], "a")));
            uint256 b = uint256(keccak256(abi.encode(steps[i], "b")));
            uint256 what = steps[i] % 8;
            if (what <= 1) history.add(a, b, uint8(a >> 8));
            else if (what == 2) history.rotate(a, b, a >> 8);
            else if (what == 3) history.revoke(a, b);
            else if (what == 4) history.selfRevoke(a);
            else if (what == 5) history.revokeAll(a, uint8(b));
            else if (what == 6) history.setActive(a, b % 2 == 0);
            else history.transfer(a, b, 0);
        }
        for (uint256 agent; agent < history.AGENTS(); agent++) {
            (address who, bool active, uint64 number, SageKeyRegistry.Key[] memory keys) =
                history.registry().resolve(agent);
            bytes memory resolved = abi.encode(who, active, number, keys);
            (who, active, number, keys) = history.replay().document(agent);
            assertEq(abi.encode(who, active, number, keys), resolved);
        }
        assertEq(history.replay().gaps(), 0);
    }

    function testFuzz_F19_AProofIsForThosePurposesAndThatRegistryAndChain(uint256 secret, uint64 chainId) public {
        secret = boundPrivateKey(secret);
        chainId = uint64(bound(chainId, 1, type(uint64).max - 1));
        vm.assume(chainId != block.chainid);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, secret, 1);
        key.purposes = 3;
        refuse(key);
        key = secp256k1(new SageKeyRegistry(registry.identity()), agentId, secret, 3);
        refuse(key);
        key = secp256k1(registry, agentId, secret, 3);
        vm.chainId(chainId);
        refuse(key);
    }

    function testFuzz_F20_AChangedProofFails(uint256 secret, uint256 bit) public {
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, boundPrivateKey(secret), 3);
        bit = bit % (65 * 8);
        key.proof[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        refuse(key);
    }

    function testFuzz_F21_WhatIsLeftToReadersIsKeptToTheBit(bytes32 secret, bytes32 r, bytes32 s) public {
        SageKeyRegistry.NewKey memory key = ed25519(registry, agentId, secret, 3);
        bytes memory message = registry.proofMessage(agentId, 3, 3, key.publicKey);
        assertTrue(more.verifyEd25519(key.proof, "", message, abi.decode(key.publicKey, (bytes32))));
        bytes32 keyId = add(key);
        assertEq(listed()[0].proof, key.proof);
        assertEq(registry.getKey(agentId, keyId).publicKey, key.publicKey);
        assertFalse(listed()[0].proven);
        key = ed25519(registry, agentId, keccak256(abi.encode(secret)), 3);
        key.proof = abi.encodePacked(r, s); // the chain cannot tell; readers will
        add(key);
        assertEq(listed()[1].proof, key.proof);
        assertFalse(listed()[1].proven);
    }

    function refuse(SageKeyRegistry.NewKey memory key) private {
        vm.expectRevert(
            abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, registry.keyIdOf(key.keyType, key.publicKey))
        );
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
    }

    function end(bytes32 keyId, uint256 secret, uint8 how) private {
        bytes memory signature = signSecp256k1(secret, registry.revocationMessage(agentId, keyId));
        vm.startPrank(owner);
        if (how % 4 == 0) {
            registry.revokeKey(agentId, keyId);
        } else if (how % 4 == 1) {
            registry.revokeAll(agentId);
        } else if (how % 4 == 2) {
            registry.revokeKeyBySignature(agentId, keyId, signature);
        } else {
            registry.rotateKey(agentId, keyId, x25519(secret));
        }
        vm.stopPrank();
    }

    function flip(bytes memory signature) private pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        return abi.encodePacked(r, SECP256K1_ORDER - uint256(s), signature[64] == 0x1b ? bytes1(0x1c) : bytes1(0x1b));
    }

    function domain() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("SageKeyRegistry"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
    }
}
